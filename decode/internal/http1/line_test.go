package http1

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestMayStart refuses what begins no line, as soon as that is known.
func TestMayStart(t *testing.T) {
	for _, c := range []struct {
		dir wire.Dir
		b   string
		n   int // the first bytes that begin no line; 0: all may
	}{
		{wire.ToServer, "G(", 2},
		{wire.ToServer, " ", 1},
		{wire.ToServer, "\x00", 1},
		{wire.ToServer, "ANY\t", 4},
		{wire.ToServer, "GET\t/", 0},
		{wire.ToServer, "get\x00/", 0},
		{wire.ToServer, "A x", 0},
		{wire.ToServer, long(32) + " ", 0},
		{wire.ToServer, long(33), 33},
		{wire.ToClient, "X", 1},
		{wire.ToClient, "HTTQ", 4},
		{wire.ToClient, "HTTP/x", 6},
		{wire.ToClient, "HTTP/1x", 7},
		{wire.ToClient, "HTTP/1.1 x", 0},
		{wire.ToClient, "HTTP/1.1\r\n", 0},
		{wire.ToClient, "HTTP/1234567890", 0},
		{wire.ToClient, "HTTP/123456789012 200", 0},
		{wire.ToClient, "ICX", 3},
		{wire.ToClient, "ICYX", 4},
		{wire.ToClient, "ICY\t2", 0},
	} {
		got := 0
		for n := 1; n <= len(c.b) && got == 0; n++ {
			if !mayStart(c.dir, []byte(c.b[:n])) {
				got = n
			}
		}
		if got != c.n {
			t.Errorf("%v %q: refused at %d, want %d", c.dir, c.b, got, c.n)
		}
	}
}

func TestTornLine(t *testing.T) {
	for _, c := range []struct {
		line, method, target string
		whole                bool
	}{
		{"GET /a", "GET", "/a", false},
		{"GET /a HTTP/1.", "GET", "/a", true},
		{"GET /a HTT", "GET", "/a", true},
		{"GET /a ", "GET", "/a", true},
		{"GET /a b", "GET", "/a b", false},
		{"GET /a HTTP/2", "GET", "/a HTTP/2", false},
		{"GET *", "GET", "*", false},
		{"GET *x", "", "", false},
		{"GET http://x", "GET", "http://x", false},
		{"GET x", "", "", false},
		{"GET ", "", "", false},
		{"GET", "", "", false},
		{"CONNECT x:1", "CONNECT", "x:1", false},
		{"CONNECT x:1 HTTP/", "CONNECT", "x:1", true},
		{"CONNECT  HTTP/1.", "CONNECT", " HTTP/1.", false},
		{"get /a", "", "", false},
		{"G(T /a", "", "", false},
		{"GET /a\x01", "", "", false},
		{" /a", "", "", false},
		{long(32) + " /", long(32), "/", false},
		{long(33) + " /", "", "", false},
	} {
		r, whole := parseTornLine(c.line)
		if r.method != c.method || r.target != c.target || whole != c.whole || r.version != "" {
			t.Errorf("%q: got %+v, %t", c.line, r, whole)
		}
	}
}

// TestTornLines cuts heads: of a line that is not whole, what may be a part of a
// name is left out.
func TestTornLines(t *testing.T) {
	for _, c := range []struct {
		dir     wire.Dir
		b, want string
	}{
		{wire.ToServer, "GET / HTTP/1.1\r\nHost: x\r\nX-A: b", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b"},
		{wire.ToServer, "GET / HTTP/1.1\r\nHost: x\r\nX-A", "GET / HTTP/1.1\r\nHost: x\r\n"},
		{wire.ToServer, "GET / HTTP/1.1\r\nHost: x\r\n:b", "GET / HTTP/1.1\r\nHost: x\r\n"},
		{wire.ToServer, "GET / HTTP/1.1\r\nA:", "GET / HTTP/1.1\r\nA:"},
		{wire.ToServer, "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n"},
		{wire.ToServer, "GET / HTTP/1.1\r", "GET / HTTP/1.1\r"},
		{wire.ToServer, "GET / HTT", "GET / HTT"},
		{wire.ToServer, "ANY /x", "ANY /x"},
		{wire.ToServer, "any /x", ""},
		{wire.ToServer, "ANY /x\r\nHost: x", ""},
		{wire.ToServer, "word", ""},
		{wire.ToServer, "", ""},
		{wire.ToClient, "HTTP/1.1 200 OK", "HTTP/1.1 200 OK"},
		{wire.ToClient, "HTTP/1.1 20", ""},
		{wire.ToClient, "HTTP/1.1 20\r\nX: y", "HTTP/1.1 20\r\nX: y"},
		{wire.ToClient, "HTTP/1.1 200 OK\r\nX-", "HTTP/1.1 200 OK\r\n"},
		{wire.ToClient, "ANY /x", ""},
		{wire.ToClient, "GET / HTTP/1.1", ""},
	} {
		if got := tornLines(c.dir, []byte(c.b)); got != c.want {
			t.Errorf("%v %q: got %q, want %q", c.dir, c.b, got, c.want)
		}
	}
}

func TestOffending(t *testing.T) {
	for _, c := range []struct {
		dir     wire.Dir
		b, want string
	}{
		{wire.ToServer, "\x00abc", `"\x00"`},
		{wire.ToServer, "GE(T / HTTP/1.1", `"GE("`},
		{wire.ToClient, "HTTQ/1.1", `"HTTQ"`},
		{wire.ToClient, "x", `"x"`},
	} {
		if got := offending(c.dir, []byte(c.b)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.b, got, c.want)
		}
	}
	for n, want := range map[int]string{119: long(119), 120: long(120), 121: long(120) + "…"} {
		if got := clip(long(n)); got != want {
			t.Errorf("%d bytes become %q", n, got)
		}
	}
}
