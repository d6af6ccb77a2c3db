package http1

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// long is a word of n bytes that may be a method.
func long(n int) string { return strings.Repeat("M", n) }

func TestRequestLine(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"GET / HTTP/1.1", `"GET" "/" "HTTP/1.1"`},
		{"ANY x HTTP/1.0", `"ANY" "x" "HTTP/1.0"`},
		{"a b HTTP/1.9", `"a" "b" "HTTP/1.9"`},
		{long(99) + " / HTTP/1.1", `"` + long(99) + `" "/" "HTTP/1.1"`},
		{"GET /a b HTTP/1.1", `"GET" "/a b" "HTTP/1.1" odd`},
		{"GET /a\x01 HTTP/1.1", `"GET" "/a\x01" "HTTP/1.1" odd`},
		{"GET  / HTTP/1.1", `"GET" "/" "HTTP/1.1" odd`},
		{"GET / HTTP/1.1 ", `"GET" "/" "HTTP/1.1" odd`},
		{"GET /  HTTP/1.1", `"GET" "/" "HTTP/1.1" odd`},
		{"GET\t/\tHTTP/1.1", `"GET" "/" "HTTP/1.1" odd`},
		{"GET\x00/\x00HTTP/1.1\x00", `"GET" "/" "HTTP/1.1" odd`},
		{"GET\v/\fHTTP/1.1\r", `"GET" "/" "HTTP/1.1" odd`},
		{"get / HTTP/1.1", `"get" "/" "HTTP/1.1"`},
		{"get / HTTP/2", `"get" "/" "HTTP/2" odd`},
		{"get / http/1.1", `"get" "/" "http/1.1" odd`},
		{"GET / HTTP/1.10", `"GET" "/" "HTTP/1.10" odd`},
		{"GET / HTTP/1.", `"GET" "/" "HTTP/1." odd`},
		{"GET / HTTP/1", `"GET" "/" "HTTP/1" odd`},
		{"GET / HTTP/0", `"GET" "/" "HTTP/0" odd`},
		{"GET / HTTP/9", `"GET" "/" "HTTP/9" odd`},
		{"GET / HTTP/1./", ""},
		{"GET / HTTP/1.:", ""},
		{"GET / HTTP/.", `"GET" "/ HTTP/." "" odd`},
		{"GET / HTTP/", `"GET" "/ HTTP/" "" odd`},
		{"GET /", `"GET" "/" "" odd`},
		{"GET *", `"GET" "*" "" odd`},
		{"GET http://x", `"GET" "http://x" "" odd`},
		{"GET https://x", `"GET" "https://x" "" odd`},
		{"GET ftp://x", ""},
		{"GET **", ""},
		{"GET x", ""},
		{"GET ", ""},
		{"GET", ""},
		{"", ""},
		{" ", ""},
		{" / HTTP/1.1", ""},
		{"get /", ""},
		{"ANY /", ""},
		{"ANY\t/\tHTTP/1.1", ""},
		{"ANY / HTTP/2", ""},
		{"G(T / HTTP/1.1", ""},
		{"GET HTTP/1.1", `"GET" "" "HTTP/1.1" odd`},
		{"GET  HTTP/1.1", `"GET" "" "HTTP/1.1" odd`},
		{"ANY  HTTP/1.1", ""},
		{"ANY   HTTP/1.1", ""},
		{"OPTIONS / RTSP/1.0", ""},
		{"OPTIONS * S-P/2", ""},
		{"GET / RTSP/x", `"GET" "/ RTSP/x" "" odd`},
		{"GET / Rtsp/1", `"GET" "/ Rtsp/1" "" odd`},
		{"GET / R:P/1", `"GET" "/ R:P/1" "" odd`},
		{"GET / /1", `"GET" "/ /1" "" odd`},
		{"GET / R/", `"GET" "/ R/" "" odd`},
		{"GET / R", `"GET" "/ R" "" odd`},
		{"GET /1", `"GET" "/1" "" odd`},
	} {
		got := ""
		if r, ok := parseRequestLine(c.line); ok {
			got = fmt.Sprintf("%q %q %q", r.method, r.target, r.version)
			if r.odd {
				got += " odd"
			}
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.line, got, c.want)
		}
		if Asks(c.line) != (c.want != "" && !strings.HasSuffix(c.want, `"" odd`)) {
			t.Errorf("%q: Asks is %t", c.line, Asks(c.line))
		}
		if isStart(wire.ToServer, c.line) != (c.want != "") {
			t.Errorf("%q: isStart is %t", c.line, c.want == "")
		}
		for n := range len(c.line) + 1 {
			if c.want != "" && len(c.line) < 50 && !mayStart(wire.ToServer, []byte(c.line[:n])) {
				t.Errorf("%q: %q may not start it", c.line, c.line[:n])
			}
		}
	}
}
