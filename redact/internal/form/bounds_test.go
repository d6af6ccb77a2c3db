package form

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
)

// TestBounds: how long the users of URLs, the labels of keys and the names of
// parameters may be, in one piece and byte by byte.
func TestBounds(t *testing.T) {
	const most = maxPrefix - 8
	for _, tt := range []struct {
		before, after string
		size          int // of what is between
		found         bool
	}{
		{"://", ":QQ@h", most, true},
		{"://", ":QQ@h", most + 1, false},
		{"?", "_token=QQ ", most - len("_token"), true},
		{"?", "_token=QQ ", most - len("_token") + 1, false},
		{"-----BEGIN PRIVATE KEY", "-----\n" + masktest.Long + "\n", maxPrefix/2 - len("PRIVATE KEY"), true},
		{"-----BEGIN PRIVATE KEY", "-----\n" + masktest.Long + "\n", maxPrefix/2 - len("PRIVATE KEY") + 1, false},
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
