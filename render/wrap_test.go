package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// wrapped returns the lines that text makes in a terminal of that width.
func wrapped(text string, width, hang int, color bool) string {
	p := page{colors: newPalette(color)}
	p.begin(width)
	p.mark(&wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 2}, '>', plain)
	p.hang = hang
	p.text(roleString, text)
	p.end()
	return string(p.out)
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		hang  int
		want  string
	}{
		{"", 30, 0, "1.2    >\n"},
		{"fits on the line here", 30, 0, "1.2    > fits on the line here\n"},
		{"abcdefghijklmnopqrstuvwxyz", 30, 0, "1.2    > abcdefghijklmnopqrstu\n1.2    > ↳ vwxyz\n"},
		{"breaks after a late space", 30, 0, "1.2    > breaks after a late \n1.2    > ↳ space\n"},
		{"not-after an-early-space-in-it", 31, 0, "1.2    > not-after an-early-spa\n1.2    > ↳ ce-in-it\n"},
		{"not-after- an-early-space-in-it", 31, 0, "1.2    > not-after- an-early-sp\n1.2    > ↳ ace-in-it\n"},
		{"not-after-a space-in-half-it", 31, 0, "1.2    > not-after-a \n1.2    > ↳ space-in-half-it\n"},
		{"?all=true&b=12345&c=de", 30, 0, "1.2    > ?all=true&b=12345\n1.2    > ↳ &c=de\n"},
		{"go build ./a && gotest", 30, 0, "1.2    > go build ./a && \n1.2    > ↳ gotest\n"},
		{"go build ./abcdef &&gotest", 30, 0, "1.2    > go build ./abcdef \n1.2    > ↳ &&gotest\n"},
		{"/usr/local/lib/sock/x/trace", 30, 0, "1.2    > /usr/local/lib/sock/\n1.2    > ↳ x/trace\n"},
		{"/usr/local/lib/socktracesock/", 30, 0, "1.2    > /usr/local/lib/socktr\n1.2    > ↳ acesock/\n"},
		{`"abcdefghijklmnopqrst",`, 30, 0, "1.2    > \"abcdefghijkl\n1.2    > ↳ mnopqrst\",\n"},
		{`"abcdefghijklmnopqrstu",`, 30, 0, "1.2    > \"abcdefghijkl\n1.2    > ↳ mnopqrstu\",\n"},
		{`"abcdefghijklmnopqrstuvw",`, 30, 0, "1.2    > \"abcdefghijklmnopqrst\n1.2    > ↳ uvw\",\n"},
		{"escapes stay whole 1\x1b\u202e", 30, 0, "1.2    > escapes stay whole \n1.2    > ↳ 1\\e\\u202e\n"},
		{"世界世界世界世界世界世界", 30, 0, "1.2    > 世界世界世界世界世界\n1.2    > ↳ 世界\n"},
		{strings.Repeat("e\u0301", 25), 30, 0, "1.2    > " + strings.Repeat("e\u0301", 21) + "\n1.2    > ↳ " + strings.Repeat("e\u0301", 4) + "\n"},
		{strings.Repeat("\u2764\ufe0f", 12), 30, 0, "1.2    > " + strings.Repeat("\u2764\ufe0f", 10) + "\n1.2    > ↳ " + strings.Repeat("\u2764\ufe0f", 2) + "\n"},
		{strings.Repeat("x", 40), 40, 4, "1.2    > " + strings.Repeat("x", 31) + "\n1.2    >     ↳ xxxxxxxxx\n"},
		{strings.Repeat("x", 24), 3, 0, "1.2    > " + strings.Repeat("x", 20) + "\n1.2    > ↳ xxxx\n"},
	} {
		if got := wrapped(test.text, test.width, test.hang, false); got != test.want {
			t.Errorf("%q in %d: got\n%swant\n%s", test.text, test.width, got, test.want)
		}
	}
}

func TestWrapColour(t *testing.T) {
	got := wrapped("abcdefghijklmnopqrstuvwxyz", 30, 0, true)
	for line := range strings.Lines(got) {
		if strings.Count(line, newPalette(true).open[roleString]) != 1 || !strings.HasSuffix(line, sgrReset+"\n") {
			t.Errorf("a line does not begin and end its colour: %q", line)
		}
	}
}

// FuzzWrap demands that lines fit, and that joined again they are the text.
func FuzzWrap(f *testing.F) {
	f.Add("some text that is long enough to be wrapped, \x1b[31m 世界 e\u0301 and more of it", uint8(40), uint8(2), true)
	f.Fuzz(func(t *testing.T, text string, width, hang uint8, color bool) {
		text = text[:min(len(text), maxFuzz)]
		width, hang = width%100+40, hang%10
		var joined []byte
		for i, line := range bytes.Split([]byte(strings.TrimSuffix(wrapped(text, int(width), int(hang), color), "\n")), []byte("\n")) {
			if n := columns(line); n > int(width) {
				t.Errorf("%d columns in %q, width %d", n, line, width)
			}
			line = sgrSequence.ReplaceAll(line, nil)
			line = line[min(len("1.2    > "), len(line)):]
			if i > 0 {
				line = bytes.TrimPrefix(line, append(appendSpaces(nil, int(hang)), continued...))
			}
			joined = append(joined, line...)
		}
		if want := appendEscaped(nil, text, "", ""); !bytes.Equal(joined, want) && len(want) > 0 {
			t.Errorf("got %q, want %q", joined, want)
		}
	})
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{
		"abc": 3, "世界": 4, "e\u0301": 1, "\x1b[31mred\x1b[0m": 3, `\e\x1b`: 6, "🙂": 2, "…→": 2, "한글": 4, "ﾊﾝ": 2, "Ａ": 2, `\`: 1,
	} {
		if got := columns([]byte(text)); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
	}
}
