package render

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
)

// TestRuneColumns has every character that terminals show.
func TestRuneColumns(t *testing.T) {
	text, err := os.ReadFile("testdata/wide.txt")
	if err != nil {
		t.Fatal(err)
	}
	wide := make(map[rune]bool)
	for line := range strings.Lines(string(text)) {
		var from, to rune
		if _, err := fmt.Sscanf(line, "%x %x", &from, &to); err != nil {
			if strings.HasPrefix(line, "#") {
				continue
			}
			t.Fatalf("%v in %q", err, line)
		}
		for r := from; r <= to; r++ {
			wide[r] = true
		}
	}
	for r := rune(' '); r <= unicode.MaxRune; r++ {
		want := 1
		switch {
		case !safe(r):
			continue
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
			want = 0
		case wide[r]:
			want = 2
		}
		if got := runeColumns(r); got != want {
			t.Errorf("%U %c takes %d columns, want %d", r, r, got, want)
		}
	}
}

// TestOutputColumns has output of ours: colours and escapes among characters.
func TestOutputColumns(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "abc": 3, "\x1b[31mab\x1b[0m": 2, `\x1b`: 4, `\u202e`: 6, `\U000e0041`: 10, `\n`: 2, `a\`: 2, `\é`: 2,
		"\u2764\ufe0f": 2, "a1\ufe0f\u20e3b": 4, "\u260e\ufe0e": 1, "\u2705\ufe0f": 2,
		"日本": 4, "e\u0301": 1, "\U0001f600": 2, `\x1`: 3, `\ug`: 3, "\x1b[1m日\x1b[0m" + `\xffz`: 7,
	} {
		if got := columns([]byte(text)); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}

// TestUnit cuts output of ours into pieces that must stay whole.
func TestUnit(t *testing.T) {
	for text, want := range map[string]string{
		"ab": "a", "\x1b[1;31mx": "\x1b[1;31m", `\x1bz`: `\x1b`, `\x1`: `\x1`, `\u202ez`: `\u202e`, `\U000e00411`: `\U000e0041`, `\\a`: `\\`, `\n1`: `\n`,
		"\u2764\ufe0fa": "\u2764\ufe0f", "1\ufe0f\u20e3": "1\ufe0f",
		`\xAFz`: `\xAF`, `\x9g`: `\x9`, `\x/0`: `\x`, `\x:0`: `\x`, "\\\x1b[0m": `\`, "\\\x7f": `\`, "\\ x": `\ `, "日x": "日", `\`: `\`, "\x1b[0": "\x1b[0",
	} {
		n, _ := unit([]byte(text))
		if text[:n] != want {
			t.Errorf("%q: got %q, want %q", text, text[:n], want)
		}
	}
}
