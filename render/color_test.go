package render

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// luminance returns the relative luminance of one of the 256 colours of xterm,
// from 16 on (WCAG 2.2, "relative luminance").
func luminance(n int) float64 {
	linear := func(level int) float64 {
		c := float64(level) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	if n >= 232 { // a ramp of greys
		return linear(8 + 10*(n-232))
	}
	levels := [6]int{0, 95, 135, 175, 215, 255} // of a cube
	n -= 16
	return 0.2126*linear(levels[n/36]) + 0.7152*linear(levels[n/6%6]) + 0.0722*linear(levels[n%6])
}

// TestContrast: each colour can be read on black and on white.
func TestContrast(t *testing.T) {
	c := newPalette(true)
	sequence := regexp.MustCompile(`^\x1b\[((?:[1234];)*)(?:38;5;(\d+)|[12])m$`)
	for i, open := range append(c.open[:], c.ids...) {
		if open == "" {
			continue
		}
		parts := sequence.FindStringSubmatch(open)
		if parts == nil {
			t.Errorf("%d: %q is neither of the 256 colours nor bold or faint", i, open)
			continue
		}
		if parts[2] == "" {
			continue
		}
		n, _ := strconv.Atoi(parts[2])
		if n < 16 || n > 255 {
			t.Errorf("%d: the theme decides what %d looks like", i, n)
			continue
		}
		l := luminance(n)
		if onBlack, onWhite := (l+0.05)/0.05, 1.05/(l+0.05); onBlack < 4 || onWhite < 4 {
			t.Errorf("%d: %d has a contrast of %.2f on black and %.2f on white", i, n, onBlack, onWhite)
		}
		for _, basic := range []string{"33m", "34m", "93m", "94m", "95m", "96m"} { // as a search finds them
			if strings.HasSuffix(open, basic) {
				t.Errorf("%d: %q ends as the basic colour %s does", i, open, basic)
			}
		}
	}
}

// TestIDColors: no two of 24 connections look alike.
func TestIDColors(t *testing.T) {
	seen := map[string]int{}
	c := newPalette(true)
	for conn := 1; conn <= 24; conn++ {
		if other := seen[c.id(conn)]; other != 0 {
			t.Errorf("%d looks like %d", conn, other)
		}
		seen[c.id(conn)] = conn
	}
	if c.id(25) != c.id(1) || c.id(0) != c.id(1) {
		t.Error("the colours do not begin again behind the last, or not at the first")
	}
}
