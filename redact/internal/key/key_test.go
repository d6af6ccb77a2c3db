package key

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// TestOf: keys of structure in any spelling, others by the rule of names; asked twice,
// since the second answer comes from memory.
func TestOf(t *testing.T) {
	k := New(name.Given{})
	for text, want := range keys {
		for _, s := range []string{text, strings.ToUpper(text), text[:1] + "-_" + text[1:], "_" + text + "-"} {
			for range 2 {
				if got := k.Of([]byte(s)); got != want {
					t.Errorf("%q: got %b, want %b", s, got, want)
				}
			}
		}
	}
	long := strings.Repeat("x", 200)
	for s, want := range map[string]Key{
		"password": Secret | Deep | Number, "githubToken": Secret | Members, "api_key": Secret | Deep, long + "_password": Secret | Deep | Number,
		"Key": Called, "keys": 0, "Id": 0, "": 0, "Author": 0, long: 0, "auth": Secret, "code": Secret | Key(words.Code), "ar\u212a\u017f": 0, "arg\u017f": Words,
	} {
		for range 2 {
			if got := k.Of([]byte(s)); got != want {
				t.Errorf("%q: got %b, want %b", s, got, want)
			}
		}
	}
}

// TestGiven: what the user gave is secret whatever it is, however it is
// written.
func TestGiven(t *testing.T) {
	k := New(name.NewGiven([]string{"X-Custom", "", "_"}))
	for s, want := range map[string]Key{"xCustom": Secret | Deep | Number, "X_CUSTOM": Secret | Deep | Number, "x": 0, "": 0, "Env": Pairs} {
		if got := k.Of([]byte(s)); got != want {
			t.Errorf("%q: got %b, want %b", s, got, want)
		}
	}
}
