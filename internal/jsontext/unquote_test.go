package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// insides are what may stand between quotes, and what may not.
var insides = []string{
	``, `plain`, `\"\\\/\b\f\n\r\t`, `\u0041\u00e9\u20ac`, `\ud83d\ude00`, `\ud83d`, `\ud83dx`, `\ud83d\u0041`, `\ude00\ud83d`, `\ud83d\ud83d\ude00`, `\ud83d\u12`,
	`\`, `\x`, `\u`, `\u12g4`, `a"b`, "a\nb", "a\xffb", "\xc3", "é\u2028\U0001f600", "\x7f", `\uD83D\uDE00`, `0123456\n89abcdef`, `\\u0041`,
}

// FuzzUnquote compares what a string stands for with encoding/json.
func FuzzUnquote(f *testing.F) {
	for _, s := range insides {
		f.Add([]byte(`"` + s + `"`))
	}
	f.Add([]byte(`"`))
	f.Add([]byte(`x"`))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		got, ok := Unquote(b)
		var want string
		valid := len(b) > 0 && b[0] == '"' && b[len(b)-1] == '"' && json.Unmarshal(b, &want) == nil
		if ok != valid || string(got) != want {
			t.Errorf("%q: got %q, %t; encoding/json: %q, %t", b, got, ok, want, valid)
		}
		if !bytes.Equal(b, before) {
			t.Errorf("%q became %q", before, b)
		}
	})
}

// FuzzUnescape compares it with Unquote where that takes the string, and
// follows each place in what it makes back to where it was.
func FuzzUnescape(f *testing.F) {
	for _, s := range insides {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, inside []byte) {
		if len(inside) > maxFuzz {
			t.Skip("too long to be worth a try")
		}
		plain := Unescape(nil, inside)
		if want, ok := Unquote([]byte(`"` + string(inside) + `"`)); ok && utf8.Valid(inside) && !bytes.Equal(plain, want) {
			t.Errorf("%q: got %q, want %q", inside, plain, want)
		}
		var p Place
		for n := range len(plain) + 1 {
			at := p.In(inside, n)
			if start := Unescape(nil, inside[:at]); len(start) < n || !bytes.HasPrefix(plain, start) {
				t.Errorf("%q: %d of %q is at %d, before which is %q", inside, n, plain, at, start)
			}
		}
	})
}

// TestUnescapeBroken: what is no escape stays, as far as it can be shown.
func TestUnescapeBroken(t *testing.T) {
	for in, want := range map[string]string{`\`: `\`, `\x`: `x`, `\u`: `\u`, `\u12g4`: `\u12g4`, `a\"b`: `a"b`, `\ud83d\u0041`: "\ufffdA", "\xff\\n": "\xff\n"} {
		if got := string(Unescape([]byte("is "), []byte(in))); got != "is "+want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestUnquoteDoesNotAllocate(t *testing.T) {
	s := []byte(`"` + strings.Repeat("a plain string, é ", 10) + `"`)
	if n := testing.AllocsPerRun(100, func() { Unquote(s) }); n != 0 {
		t.Errorf("%v allocations; want 0", n)
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{
		`"Tty"`: true, `"TTY"`: true, `"\u0054ty"`: true, `"t\u0054\u0079"`: true,
		`"Tt"`: false, `"Ttyx"`: false, `"\u0054ty`: false, `"\u0054t\x"`: false, `Tty`: false, ``: false, `"Tt\u0079y"`: false,
	} {
		if got := Named([]byte(name), "Tty"); got != want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
