package jsontext

import (
	"encoding/json"
	"testing"
)

// FuzzBegins looks at more and more of a text: what is certain stays so, and
// objects and arrays are told.
func FuzzBegins(f *testing.F) {
	for _, s := range append(texts, "[INFO] x", "{x", "\x1e[nul", "[ tx", " \r\n\t[ -", "<html>") {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		if is, certain := Begins(nil); !is || certain {
			t.Errorf("nothing: %t, %t", is, certain)
		}
		before, known := true, false
		for n := range b {
			is, certain := Begins(b[:n+1])
			if known && (!certain || is != before) {
				t.Errorf("%q: %t, %t", b[:n+1], is, certain)
			}
			before, known = is, certain
		}
		if first := Space(b, 0); json.Valid(b) {
			if want := b[first] == '{' || b[first] == '['; before != want || !known {
				t.Errorf("%q: %t, %t; want %t", b, before, known, want)
			}
		}
	})
}

func TestBegins(t *testing.T) {
	for in, want := range map[string][2]bool{
		"": {true, false}, " \x1e": {true, false}, "{": {true, false}, "[ ": {true, false}, `{"`: {true, true}, "{}": {true, true}, "[]": {true, true}, "[1": {true, true},
		"[t": {true, false}, "[true": {true, true}, "[tx": {false, true}, "{x": {false, true}, "[INFO]": {false, true}, "x": {false, true}, "1": {false, true},
	} {
		if is, certain := Begins([]byte(in)); is != want[0] || certain != want[1] {
			t.Errorf("%q: %t, %t", in, is, certain)
		}
	}
}
