package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// TestJSONEscapes writes out what cannot be seen in a string, and marks of which
// there are too many in a row.
func TestJSONEscapes(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"\"\u2764\ufe0f\U000e0100\"", `"❤\ufe0f\udb40\udd00"`},
		{`["a` + marks[:14] + `", "` + marks[:12] + `x` + marks[:12] + `\n` + marks[:12] + `"]`,
			`["a` + marks[:12] + `\u0301","` + marks[:12] + `x` + marks[:12] + `\n` + marks[:12] + `"]`},
	} {
		w := Writer{B: []byte("[")}
		if ok := w.JSON("", []byte(test.in)); !ok || string(w.B) != "["+test.want {
			t.Errorf("got %s, want %s", w.B[1:], test.want)
		}
	}
}

// FuzzCompactJSON compares what is taken for JSON, and what becomes of it, with
// encoding/json.
func FuzzCompactJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, ` { "a" : [ 1 , -0.5e+3, true,false , null ] , "b":{"c":"d"}} ` + "\n", `"x"`, `0`, `-`, `01`, `1.`, `.5`, `1e`, `1E-2`, `[1,]`, `{"a":1,}`,
		`{"a"}`, `{"a" 1}`, `{1:2}`, `[`, `]`, `{]`, `[}`, `[[]`, `[]]`, `1 2`, `tru`, `nulll`, `"\u12g4"`, `"\u00e9\"\\\/\b\f\n\r\t"`, `"\x"`, `"a`, `"\`, "\"\n\"", "\"\x7f\"",
		"\"é\u202e\U0001f600\"", "\"\xff\"", "\"\xc3", "", " ", "\x00", "1\x00", `"0123456789abcdef\"0123456é"`, strings.Repeat("[", 70) + strings.Repeat("]", 70),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		w := Writer{B: []byte("[")}
		ok := w.JSON("", b)
		got := w.B
		if want := utf8.Valid(b) && json.Valid(b); ok != want {
			t.Fatalf("%q: taken for JSON: %t, want %t", b, ok, want)
		}
		if !ok {
			if string(got) != "[" {
				t.Fatalf("%q: left %q", b, got)
			}
			return
		}
		if got = got[1:]; bytes.ContainsFunc(got, func(r rune) bool { return !scan.Glyph(r) }) {
			t.Errorf("%q: not safe: %q", b, got)
		}
		var short, again bytes.Buffer
		if json.Compact(&short, b) != nil || json.Compact(&again, got) != nil || again.Len() != len(got) {
			t.Errorf("%q: not compact: %q", b, got)
		}
		if x, y := decoded(t, short.Bytes()), decoded(t, got); x != y {
			t.Errorf("%q: means %s, want %s", b, y, x)
		}
	})
}

// decoded returns what JSON means, written one way.
func decoded(t *testing.T, b []byte) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestCompactJSONDepth nests as deep as is followed, and deeper.
func TestCompactJSONDepth(t *testing.T) {
	for depth, want := range map[int]bool{maxNested: true, maxNested + 1: false} {
		text := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		w := Writer{B: []byte("[")}
		if ok := w.JSON("", []byte(text)); ok != want || json.Valid([]byte(text)) != want {
			t.Errorf("%d deep: taken for JSON: %t, want %t", depth, ok, want)
		}
	}
}

// BenchmarkCompactJSON is a document as daemons answer with.
func BenchmarkCompactJSON(b *testing.B) {
	text := []byte("[" + strings.Repeat(`{"Id":"sha256:0123456789abcdef","Names":["/web"],"Created":1795288868,"Running":true},`, 1000) + "0]")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	w := Writer{B: []byte("[")}
	for b.Loop() {
		w.B = w.B[:1]
		w.JSON("", text)
	}
}
