package content

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/media"
)

func TestUnescape(t *testing.T) {
	for c := range 256 {
		digit := strings.IndexByte("0123456789abcdef", byte(c))
		if c >= 'A' && c <= 'F' {
			digit = c - 'A' + 10
		}
		if isHex(byte(c)) != (digit >= 0) || digit >= 0 && hexDigit(byte(c)) != byte(digit) {
			t.Errorf("%q: a digit: %t, %d", byte(c), isHex(byte(c)), hexDigit(byte(c)))
		}
	}
	for s, want := range map[string]string{
		"a+b%20c": "a b c", "%41%5a%7A": "AZz", "%fF": "\xff", "%4": "%4", "%": "%", "%%41": "%A", "%g1%1g": "%g1%1g", "+": " ", "": "",
	} {
		if got := string(unescape([]byte("x"), []byte(s))); got != "x"+want {
			t.Errorf("%q: got %q", s, got)
		}
	}
}

// TestForm takes forms apart, however they are cut.
func TestForm(t *testing.T) {
	text := media.Type{Media: "application/x-www-form-urlencoded"}
	name := strings.Repeat("n", 1024)
	for _, c := range []struct{ form, want string }{
		{"a=1&b=%41+c", `text 1 a "1"; text 3 b "A c"`},
		{"a=&b", `text 0 a; text 1 "b"`},
		{"&&a=b&", `text 1 a "b"`},
		{"%61%3d=b", `text 1 a= "b"`},
		{"a=b=c", `text 3 a "b=c"`},
		{"a=b%", `text 2 a "b%"`},
		{"a=b%4", `text 3 a "b%4"`},
		{"a=%e2%82%ac", `text 3 a "€"`},
		{"a=%7B%22b%22:1%7D", `json 7 a "{\"b\":1}"`},
		{"=b", `text 1 "b"`},
		{name + "=b", "text 1 " + name + ` "b"`},
		{name + "n=b&a=b", `text 1027 "` + name[:40] + `" of 1027; text 1 a "b"`},
	} {
		for _, pieces := range cuts(c.form) {
			f := &form{choose: func(t media.Type, depth int) Content { return newBody(t, limits, depth, nil) }}
			if got := play(f, Ended, pieces...); got != c.want {
				t.Errorf("%.60q in %d pieces: got %.60s, want %.60s", c.form, len(pieces), got, c.want)
				break
			}
		}
	}
	f := NewBody(text, limits, nil)
	if got, want := play(f, Ended, name+"n&a=b"), `found text ; text 1025 "`+name[:40]+`" of 1025; text 1 a "b"`; got != want {
		t.Errorf("a name that is too long: got %s, want %s", got, want)
	}
	f = NewBody(text, limits, nil)
	if got, want := play(f, Ended, name+"n", "=b&a=b"), `found text ; text 1027 "`+name[:40]+`" of 1027; text 1 a "b"`; got != want {
		t.Errorf("what comes behind it: got %s, want %s", got, want)
	}
}
