package http1

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/memory"
)

// TestDecisive keeps the lines that decide how a message is read.
func TestDecisive(t *testing.T) {
	long := "Host: " + strings.Repeat("h", 1024-len("Host: "))
	for _, c := range []struct{ lines, want string }{
		{"Host: a\r\nX: b\r\nUPGRADE : c\r\n\r\n", "Host: a\r\nUPGRADE : c\r\n\r\n"},
		{"X: Host: a\nHost: b\n\n", "Host: b\r\n\r\n"},
		{long + "\r\n\r\n", long + "\r\n\r\n"},
		{long + "h\r\n\r\n", "\r\n"},
		{"Host: a", "Host: a\r\n"},
		{"X: b", ""},
		{"", ""},
		{strings.Repeat("Host: a\r\n", 15) + "\r\n", strings.Repeat("Host: a\r\n", 15) + "\r\n"},
		{strings.Repeat("Host: a\r\n", 16) + "\r\n", strings.Repeat("Host: a\r\n", 16)},
		{strings.Repeat("X: b\r\n", 16) + "Host: a\r\n", "Host: a\r\n"},
	} {
		if got := decisive(c.lines); got != c.want {
			t.Errorf("%.60q: got %.60q", c.lines, got)
		}
	}
	for _, name := range []string{"Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host", "Sec-WebSocket-Extensions",
		"Sec-WebSocket-Protocol", "Transfer-Encoding", "Upgrade"} {
		if !decides(name+": x") || !decides(name) || decides("x"+name+": x") {
			t.Errorf("%s decides: %t", name, !decides(name))
		}
	}
}

// TestBeginnings keeps of a head that is not all there what is needed to read it.
func TestBeginnings(t *testing.T) {
	cut := func(n int) string { // a line of n bytes, clipped
		return strings.Repeat("a", 1024) + strings.Repeat("a", 16)[:min(n-1024, 16)]
	}
	word := func(n int) string { return strings.Repeat("a", n) }
	for _, c := range []struct{ b, want string }{
		{"GET / HTTP/1.1\r\nX: y\r\nHost: h\r\nX: y", "GET / HTTP/1.1\r\nHost: h\r\nX: y"},
		{"GET / HTTP/1.1\r\nX: y\r\n", "GET / HTTP/1.1\r\n"},
		{"GET / HTTP/1.1", "GET / HTTP/1.1"},
		{word(1024 + 16), word(1024 + 16)},
		{word(1024 + 16 + 1), cut(1024 + 16 + 1)},
		{"G\n" + word(5000) + "Z", "G\n" + word(1024) + word(16-1) + "Z"},
		{word(5000) + "Z\nX: y\nHost: h\n", word(1024) + word(16-2) + "Z\nHost: h\n"},
		{"", ""},
	} {
		b := []byte(c.b)
		if got := string(beginnings(b)); got != c.want || string(b) != c.b {
			t.Errorf("%.60q: got %.60q of %d bytes", c.b, got, len(got))
		}
	}
}

// TestFit charges what a head needs, as long as there is as much.
func TestFit(t *testing.T) {
	const line, lines = "GET / HTTP/1.1", "Host: h\r\nX: y\r\n\r\n"
	whole := len(line+lines) + 3*body.FieldRoom
	short := len(line+"Host: h\r\n\r\n") + 2*body.FieldRoom
	for _, c := range []struct {
		name         string
		budget, base int
		line, lines  string
		gone, must   bool
		want         headKept
		ok           bool
	}{
		{"there is as much", 2 * (whole + 10), 10, line, lines, false, false, headKept{lines, whole + 10, false}, true},
		{"a part of it is gone", 2 * (whole + 10), 10, line, lines, true, false, headKept{lines, whole + 10, true}, true},
		{"there is less", 2*(whole+10) - 1, 10, line, lines, false, false, headKept{"Host: h\r\n\r\n", short + 10, true}, true},
		{"there is less for all that is needed", 2*(whole+10) - 1, 10, line, "Host: h\r\n\r\n", false, false, headKept{"Host: h\r\n\r\n", short + 10, false}, true},
		{"there is little", short, 0, line, lines, false, false, headKept{"Host: h\r\n\r\n", short, true}, false},
		{"there is little, and it must be", short, 0, line, lines, false, true, headKept{"Host: h\r\n\r\n", short, true}, true},
		{"a long line", 5000, 0, long(5000), "", false, true, headKept{"", 1024, true}, true},
	} {
		m := memory.New(int64(c.budget))
		d := &Decoder{env: &body.Env{Account: budget.NewAccount(budget.Of(m))}}
		s := &side{w: new(window.Window)}
		if c.gone {
			s.w.Shorten(nil)
			s.w.Push(s.w.Last(), []byte("ab"))
			s.w.Shorten([]byte("b"))
		}
		got, ok := d.fit(s, c.base, c.line, c.lines, c.must)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: got %+v, %t; want %+v", c.name, got, ok, c.want)
		}
		used := c.want.room
		if !ok {
			used = 0
		}
		d.env.Account.Refund(used)
		d.env.Account.Close()
		if left := m.Left(); left != int64(c.budget) {
			t.Errorf("%s: %d of %d bytes are left", c.name, left, c.budget)
		}
	}
	for _, c := range []struct {
		k    headKept
		s    int
		want int
	}{{headKept{}, 5000, 5000}, {headKept{short: true}, 5000, 1024}, {headKept{short: true}, 7, 7}} {
		if got := c.k.shorten(long(c.s)); got != long(c.want) {
			t.Errorf("%d bytes become %d, want %d", c.s, len(got), c.want)
		}
	}
}
