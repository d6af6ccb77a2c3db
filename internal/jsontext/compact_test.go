package jsontext

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// TestJSONEscapes writes out what cannot be seen in a string, and marks of which
// there are too many in a row.
func TestJSONEscapes(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"\"\u2764\ufe0f\U000e0100\"", `"❤\ufe0f\udb40\udd00"`},
		{"\"\u2764\ufe0f 1\ufe0f\u20e3 \u260e\ufe0e\"", "\"\u2764\ufe0f 1\ufe0f\u20e3 \u260e\ufe0e\""},
		{"\"\ufe0fa\ufe0f\\n\ufe0f\u2764\ufe0f\ufe0f\"", `"\ufe0fa\ufe0f\n\ufe0f❤\ufe0f\ufe0f"`},
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
		`"\ud83d\ude00"`, `"\ud83d"`, `{"\ude00":1}`, `"\ud83d\u0041"`, `"\ufffd"`, `"\\ud83d"`, `1e400`, `-1E+309`, `1e-400`, `1e308`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		w := Writer{B: []byte("[")}
		ok := w.JSON("", b)
		got := w.B
		if want := utf8.Valid(b) && json.Valid(b) && everyReaderTakes(b); ok != want {
			t.Fatalf("%q: taken for JSON: %t, want %t", b, ok, want)
		}
		if !ok {
			if string(got) != "[" {
				t.Fatalf("%q: left %q", b, got)
			}
			return
		}
		if got = got[1:]; hides(got) {
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

// everyReaderTakes reports whether valid JSON has nothing that some readers refuse.
func everyReaderTakes(b []byte) bool {
	var v any
	if json.Unmarshal(b, &v) != nil { // a number out of range
		return false
	}
	depth, inString := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			if i++; b[i] != 'u' {
				continue
			}
			n, _ := strconv.ParseUint(string(b[i+1:i+5]), 16, 32)
			if utf16.IsSurrogate(rune(n)) {
				if i+11 > len(b) || b[i+5] != '\\' || b[i+6] != 'u' {
					return false
				}
				low, _ := strconv.ParseUint(string(b[i+7:i+11]), 16, 32)
				if utf16.DecodeRune(rune(n), rune(low)) == utf8.RuneError {
					return false
				}
				i += 6
			}
		case !inString && (c == '[' || c == '{'):
			if depth++; depth > 100 {
				return false
			}
		case !inString && (c == ']' || c == '}'):
			depth--
		}
	}
	return true
}

// TestCompactJSONReaders has what some readers of JSON do not take.
func TestCompactJSONReaders(t *testing.T) {
	digits := strings.Repeat("9", 308)
	for text, want := range map[string]bool{
		`"\ud83d\ude00"`: true, `{"\uD83D\uDE00":0}`: true, `"\ud83d"`: false, `"\ude00"`: false, `"\ude00\ud83d"`: false, `"\ud83dx"`: false,
		`{"\udfff":1}`: false, `["a",{"b":"\uDBFF\u0041"}]`: false, `"\ufffd"`: true, `"\u0000\uffff"`: true, `{"\u0000":"\ufffe"}`: true,
		"\"\ufffd\"": true, "\"\xed\xa0\xbd\"": false, "\"\xff\"": false,
		`1e308`: true, `1e309`: false, `1e999`: false, `9e99`: true, `9E999`: false, `-1E+309`: false, `1.5e-9999`: true, `0e999`: true, `true`: true, `false`: true,
		digits: true, digits + "0": false, digits + "00": false, "-" + digits + "00": false, "0." + digits + digits: true,
		digits + "00.5": false, `[1,2e400]`: false, `{"a":` + digits + "00}": false,
	} {
		w := Writer{B: []byte("[")}
		if ok := w.JSON("", []byte(text)); ok != want {
			t.Errorf("%s: taken for JSON: %t", text, ok)
		}
	}
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
	for depth, want := range map[int]bool{100: true, 101: false} {
		text := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		w := Writer{B: []byte("[")}
		if ok := w.JSON("", []byte(text)); ok != want {
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
