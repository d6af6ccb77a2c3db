package form

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
)

// TestBlockEnds: what cannot belong to a key ends it, in a stream, too.
func TestBlockEnds(t *testing.T) {
	var m Matcher
	for _, tt := range [][2]string{
		{"-----BEGIN PRIVATE KEY-----\n" + masktest.Long + "{ end ", "-----BEGIN PRIVATE KEY-----*{ end "},
		{"x -----BEGIN PRIVATE KEY-----\n" + masktest.Long, "x -----BEGIN PRIVATE KEY-----*"},
		{masktest.Long + "--", "*--"},
		{"---x", "---x"},
	} {
		got, _ := m.Mask(nil, mask.NewMarks(nil), []byte(tt[0]), false, "b")
		if masktest.Bare(string(got)) != tt[1] {
			t.Errorf("%q\n got %q\nwant %q", tt[0], got, tt[1])
		}
	}
}

// TestBounds: how long the users of URLs, the labels of keys and the names of
// parameters may be, in one piece and byte by byte.
func TestBounds(t *testing.T) {
	const most = 128 - 8
	for _, tt := range []struct {
		before, after string
		size          int // of what is between
		found         bool
	}{
		{"://", ":QQ@h", most, true},
		{"://", ":QQ@h", most + 1, false},
		{"?", "_token=QQ ", most - len("_token"), true},
		{"?", "_token=QQ ", most - len("_token") + 1, false},
		{"-----BEGIN PRIVATE KEY", "-----\n" + masktest.Long + "\n", 128/2 - len("PRIVATE KEY"), true},
		{"-----BEGIN PRIVATE KEY", "-----\n" + masktest.Long + "\n", 128/2 - len("PRIVATE KEY") + 1, false},
	} {
		fill := "u"
		switch tt.before[0] {
		case '?':
			fill = "-"
		case '-':
			fill = "A"
		}
		text := tt.before + strings.Repeat(fill, tt.size) + tt.after
		whole, _ := Mask(nil, mask.NewMarks(nil), []byte(text), true, "b")
		var m Matcher
		var cut []byte
		for i := range text {
			out, _ := m.Mask(nil, mask.NewMarks(nil), []byte(text[i:i+1]), false, "b")
			cut = append(cut, out...)
		}
		for _, got := range []string{string(whole), string(cut)} {
			if strings.Contains(got, "Q") == tt.found {
				t.Errorf("%s and %d bytes: found is %t: %s", tt.before, tt.size, !tt.found, got)
			}
		}
	}
}
