package render

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

func TestEscape(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain ASCII ~", "plain ASCII ~"},
		{`back\slash stays`, `back\slash stays`},
		{"a\tb\r\n", `a\tb\r\n`},
		{"\x1b[6n\x00\x07\x7f", `\e[6n\x00\x07\x7f`},
		{"\u0085\u009b31m", `\u0085\u009b31m`},
		{"\x9b31m\xff\xc3", `\x9b31m\xff\xc3`},
		{"\u202eabc\u2066\u200e\u061c", `\u202eabc\u2066\u200e\u061c`},
		{"\u2028\u2029\ufeff\u200b\u200d", `\u2028\u2029\ufeff\u200b\u200d`},
		{"\U000e0041\ue000", `\U000e0041\ue000`},
		{"\u2764\ufe0f\U000e0100\u034f\u3164\u180e", "\u2764" + `\ufe0f\U000e0100\u034f\u3164\u180e`},
		{"\u2714\ufe0f \u260e\ufe0e 1\ufe0f\u20e3", "\u2714\ufe0f \u260e\ufe0e 1\ufe0f\u20e3"},
		{"\ufe0fa\ufe0f\u2764\ufe0f\ufe0f\x1b\ufe0e", `\ufe0fa\ufe0f` + "\u2764" + `\ufe0f\ufe0f\e\ufe0e`},
		{"a" + strings.Repeat("\u0301", 8) + "b\u0301", "a" + strings.Repeat("\u0301", 6) + `\u0301\u0301b` + "\u0301"},
		{"caf\u00e9 e\u0301 世界 🙂 \ufffd", "caf\u00e9 e\u0301 世界 🙂 \ufffd"},
	} {
		if got := string(appendEscaped(nil, test.in, "", "")); got != test.want {
			t.Errorf("%q: got %s, want %s", test.in, got, test.want)
		}
		if got := string(appendEscaped(nil, []byte(test.in), "", "")); got != test.want {
			t.Errorf("%q as bytes: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestEscapeColour(t *testing.T) {
	c := newPalette(true)
	got := string(appendPainted(nil, c, roleString, "a\x1b\x07b"))
	want := c.open[roleString] + "a\x1b[0m" + c.open[roleEscape] + `\e\x07` + "\x1b[0m" + c.open[roleString] + "b\x1b[0m"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// hidden returns where the first character is that must not be in output, or -1.
func hidden(out []byte) int {
	for i, r := range string(out) {
		if !scan.Shown(out, i, r) {
			return i
		}
	}
	return -1
}

// FuzzEscape demands that output is made of safe characters, and that what was
// safe comes through as it is.
func FuzzEscape(f *testing.F) {
	f.Add([]byte("a\x1b[31m\u202e\x80\xff\u2028"))
	f.Add([]byte("\u2764\ufe0f \u2764\ufe0f\ufe0f 1\ufe0f\u20e3 1\ufe0f"))
	f.Fuzz(func(t *testing.T, in []byte) {
		in = in[:min(len(in), maxFuzz)]
		out := appendEscaped(nil, in, "", "")
		if i := hidden(out); i >= 0 || !utf8.Valid(out) {
			t.Fatalf("unsafe at %d: %q from %q", i, out, in)
		}
		var marks scan.Marks
		if utf8.Valid(in) && hidden(in) < 0 && strings.IndexFunc(string(in), marks.Over) < 0 && !bytes.Equal(in, out) {
			t.Fatalf("changed without need: %q to %q", in, out)
		}
		if again := appendEscaped(nil, out, "", ""); !bytes.Equal(again, out) {
			t.Fatalf("%q escapes to %q", out, again)
		}
	})
}
