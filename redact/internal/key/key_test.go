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

// TestTable: what each key of structure is, and no other.
func TestTable(t *testing.T) {
	k := New(name.Given{})
	known := 0
	for all, want := range map[string]Key{
		"data value": Data, "name key": Called, "snapshotkey": 0, "xregistryconfig": Secret, "stringdata": Secret | Deep, "username email serveraddress": Shown,
		"env labels label label! buildargs options opts driveropts config annotations attributes": Pairs, "httpheaders requestheaders responseheaders": Headers, "plugins": Names,
		"cmd entrypoint args arguments command test shell": Words, "onbuild processes createdby action stream changes comment": Text, "status message error": Text | Shown,
		"requestbody responsebody": Quoted, "requesturi": Target,
	} {
		for _, s := range strings.Fields(all) {
			if got := k.Of([]byte(s)); got != want {
				t.Errorf("%q: got %b, want %b", s, got, want)
			}
			if got, ok := k.asked.OfString(s); !ok || Key(got) != want {
				t.Errorf("%q: %b is remembered", s, got)
			}
			if got := k.Of([]byte(s + "z")); got != 0 && want&Secret == 0 {
				t.Errorf("%qz: got %b", s, got)
			}
			known++
		}
	}
	if known != len(keys) {
		t.Errorf("%d keys are known, of %d", known, len(keys))
	}
	// Each of them is something of its own, beside what words say.
	all := Key(^words.Meaning(0))
	for _, one := range []Key{Data, Pairs, Words, Text, Quoted, Headers, Target, Names, Valued, Called, Shown} {
		if one == 0 || all&one != 0 {
			t.Errorf("%b is not of its own", one)
		}
		all |= one
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
