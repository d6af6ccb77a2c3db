package key

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/name"
)

// FuzzOf compares Of with what the table says.
func FuzzOf(f *testing.F) {
	for text := range keys {
		f.Add(text)
		f.Add(strings.ToUpper(text))
		f.Add(text[:1] + "-_" + text[1:])
		f.Add(text[:len(text)-1] + "\u212a" + text[len(text)-1:])
		f.Add("_" + text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var buf [name.Max]byte
		folded, ok := name.Fold(&buf, []byte(s))
		if ok && len(s) < name.Max && len(s) <= len(folded)+maxStripped {
			if got, want := Of(name.Given{}, []byte(s)), keys[string(folded)]; got != want {
				t.Errorf("Of(%q): got %b, want %b", s, got, want)
			}
		}
	})
}

// TestGiven: what the user gave is secret whatever it is, however it is
// written.
func TestGiven(t *testing.T) {
	given := name.NewGiven([]string{"X-Custom", "", "_"})
	for s, want := range map[string]Key{"xCustom": Secret | Deep | Number, "X_CUSTOM": Secret | Deep | Number, "x": 0, "": 0, "Env": Pairs} {
		if got := Of(given, []byte(s)); got != want {
			t.Errorf("%q: got %b, want %b", s, got, want)
		}
	}
}
