package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestHex shows rows of 16 bytes where they fit, to the column, and of 8 where
// they do not; and no more bytes than are shown of anything.
func TestHex(t *testing.T) {
	data := []byte("\x00\x1f\x20~\x7f\x80\xff0123456789")
	const wide = "00  00 1f 20 7e 7f 80 ff 30  31 32 33 34 35 36 37 38  .. ~...012345678\n" +
		"10  39                                                9\n"
	const narrow = "00  00 1f 20 7e 7f 80 ff 30  .. ~...0\n" +
		"08  31 32 33 34 35 36 37 38  12345678\n" +
		"10  39                       9\n"
	for width, want := range map[int]string{0: wide, 200: wide, hexRow: wide, hexRow - 1: narrow, 60: narrow} {
		p := page{colors: newPalette(false)}
		p.begin(width)
		if p.hex(data); string(p.out) != want {
			t.Errorf("width %d:\n%s\nwant\n%s", width, p.out, want)
		}
	}
	p := page{colors: newPalette(false)}
	p.begin(0)
	p.hex(make([]byte, 65))
	if n := bytes.Count(p.out, []byte("00 ")); n != 64+1 { // a row begins so
		t.Errorf("%d bytes are shown", n)
	}
	if got := len(strings.SplitAfter(wide, "\n")[0]) - 1; got != hexRow {
		t.Errorf("a row has %d columns, not %d", got, hexRow)
	}
}

// TestJSONIndent nests as deep as values are broken into lines, and deeper.
func TestJSONIndent(t *testing.T) {
	for depth, want := range map[int]int{31: 31, 32: 32, 33: 32, 41: 32} {
		out := shown([]byte(strings.Repeat("[", depth)+`"`+strings.Repeat("x", 400)+`"`+strings.Repeat("]", depth)), 200)
		closed := 0 // on lines of their own
		for line := range bytes.Lines(out) {
			if string(bytes.TrimSpace(line)) == "]" {
				closed++
			}
		}
		if closed != want {
			t.Errorf("%d deep: %d are closed on lines of their own, want %d:\n%s", depth, closed, want, out)
		}
	}
}

// TestNegative has times that go back.
func TestNegative(t *testing.T) {
	for ms, want := range map[int]string{-3000: "-3.000 s", -125_000: "-2m05s", -7_380_000: "-2h03m"} {
		if got := string(appendDuration(nil, at(float64(ms)).Sub(at(0)))); got != want {
			t.Errorf("%d ms: got %s, want %s", ms, got, want)
		}
	}
}

// TestStatusLine has status lines of which something is not there.
func TestStatusLine(t *testing.T) {
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 2, Dir: wire.ToClient}
	for _, tt := range []struct {
		response wire.Response
		want     string
	}{
		{wire.Response{Status: 200}, "1.2    < 200\n1.2    <\n"},
		{wire.Response{Status: 200, Reason: "OK"}, "1.2    < 200 OK\n1.2    <\n"},
		{wire.Response{Status: 200, Version: "HTTP/1.1"}, "1.2    < HTTP/1.1 200\n1.2    <\n"},
	} {
		tt.response.Meta = m
		if got := textOf(t, &tt.response); got != tt.want {
			t.Errorf("got\n%swant\n%s", got, tt.want)
		}
	}
}
