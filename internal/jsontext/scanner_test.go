package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// maxFuzz keeps a fuzzer's executions short.
const maxFuzz = 1 << 10

// texts are JSON, and what looks like it.
var texts = []string{
	`{}`, `[]`, ` { "a" : [ 1 , -0.5e+3, true,false , null ] , "b":{"c":"d"}} ` + "\n", `"x"`, `0`, `-`, `01`, `1.`, `1E-2`, `[1,]`, `{"a":1,}`,
	`{"a"}`, `{"a" 1}`, `{1:2}`, `{"a":"b","c"}`, `[`, `]`, `{]`, `[}`, `[[]`, `[]]`, `1 2`, `tru`, `nulll`, `truex`, `[nul]`, `"\u12g4"`, `"\u00e9\"\\\/\b\f\n\r\t"`, `"\x"`, `"a`, `"\`,
	"\"\n\"", "\"é\u202e\U0001f600\"", "\"\xff\"", "\"\xc3", "", " ", "\x00", "1\x00", `"\\"`, `["\\\\\""]`, `{"a":"]}","b":["{"]}`, `[1.5,-2e9,"\ud83d\ude00"]`,
}

// piece is a token, or what was seen of one.
type piece struct {
	kind    Kind
	text    string
	cut     bool
	escaped bool
}

// pieces returns the tokens of b, given in pieces that end at cuts. Parts of a
// token are put together.
func pieces(b []byte, cuts ...int) (all []piece) {
	var s Scanner
	begin := 0
	for _, end := range append(cuts, len(b)) {
		part := bytes.Clone(b[begin:end])
		begin = end
		for i := 0; ; {
			goesOn := s.Cut()
			k, from, to := s.Next(part, i)
			if k == End {
				break
			}
			p := piece{kind: k, text: string(part[from:to]), cut: s.Cut()}
			p.escaped = k == String && s.Escaped()
			if goesOn {
				last := &all[len(all)-1]
				p.text = last.text + p.text
				if k == Invalid { // a literal that was believed to be one
					p.text = ""
				}
				*last = p
			} else {
				all = append(all, p)
			}
			if k == Invalid {
				return all
			}
			i = to
		}
	}
	return all
}

// FuzzScanner cuts a text anywhere: its tokens must be the same. What they are
// and whether they may come is compared with encoding/json.
func FuzzScanner(f *testing.F) {
	for _, s := range texts {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		want := pieces(b)
		for cut := range len(b) + 1 {
			if got := pieces(b, cut); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%q cut at %d: got %v, want %v", b, cut, got, want)
			}
		}
		var each []int
		for i := range b {
			each = append(each, i)
		}
		if got := pieces(b, each...); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q byte by byte: got %v, want %v", b, got, want)
		}
		if ok := isText(want); ok != json.Valid(b) {
			t.Fatalf("%q: taken for JSON: %t", b, ok)
		}
		if json.Valid(b) {
			sameTokens(t, b, want)
		}
	})
}

// isText says whether all are the tokens of one value, and each of them is as
// RFC 8259 has it.
func isText(all []piece) bool {
	var g Grammar
	for _, p := range all {
		if !g.Step(p.kind) {
			return false
		}
		switch p.kind {
		case String:
			if _, ok := Unquote([]byte(p.text)); !ok {
				return false
			}
		case Number:
			if numberSize([]byte(p.text)) != len(p.text) {
				return false
			}
		case Literal:
			if p.cut {
				return false
			}
		}
	}
	return g.Want() == WantNothing && g.Depth() == 0
}

// sameTokens compares tokens with those of encoding/json.
func sameTokens(t *testing.T, b []byte, all []piece) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	for _, p := range all {
		if p.kind == ',' || p.kind == ':' {
			continue
		}
		want, err := d.Token()
		if err != nil {
			t.Fatalf("%q: a token %v too many: %v", b, p, err)
		}
		got := p.text
		if p.kind == String {
			plain, _ := Unquote([]byte(p.text))
			got = string(plain)
			if p.escaped != strings.Contains(p.text, `\`) {
				t.Errorf("%q: %s: escaped is %t", b, p.text, p.escaped)
			}
		}
		if want == nil {
			want = "null"
		}
		if got != fmt.Sprint(want) {
			t.Errorf("%q: got %q, want %q", b, got, want)
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("%q: tokens are missing: %v", b, err)
	}
}

// TestGrammarDepth opens as many brackets as may be open, and more.
func TestGrammarDepth(t *testing.T) {
	g := Grammar{MaxDepth: 3}
	for range 2 {
		for range g.MaxDepth {
			if !g.Step('[') {
				t.Error("refused a bracket")
			}
		}
		if g.Step('{') || g.Depth() != g.MaxDepth || g.Want() != WantFirstValue {
			t.Errorf("took a bracket too many: %+v", g)
		}
		g.Reset()
	}
}

// document is as daemons answer with.
func document() []byte {
	return []byte("[" + strings.Repeat(`{"Id":"sha256:0123456789abcdef","Names":["/web"],"Created":1795288868,"Running":true},`, 1000) + "0]")
}

func BenchmarkScanner(b *testing.B) {
	text := document()
	b.Run("next", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			var s Scanner
			for k, i := Invalid, 0; k != End; {
				k, _, i = s.Next(text, i)
			}
		}
	})
	b.Run("skip", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			var s Scanner
			if n, ended := s.Skip(text); n != len(text) || !ended {
				b.Fatal(n, ended)
			}
		}
	})
}
