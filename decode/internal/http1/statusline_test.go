package http1

import (
	"fmt"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestStatusLine(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"HTTP/1.1 200 OK", `"HTTP/1.1" 200 "OK"`},
		{"HTTP/1.0 404 Not Found", `"HTTP/1.0" 404 "Not Found"`},
		{"HTTP/1.1 200", `"HTTP/1.1" 200 ""`},
		{"HTTP/1.1 200 ", `"HTTP/1.1" 200 ""`},
		{"HTTP/1.1 100 Go", `"HTTP/1.1" 100 "Go"`},
		{"HTTP/1.1 999 x", `"HTTP/1.1" 999 "x"`},
		{"HTTP/1.1 099 x", `"HTTP/1.1" 99 "x" odd`},
		{"HTTP/1.1 99 x", `"HTTP/1.1" 99 "x" odd`},
		{"HTTP/1.1 1000 x", `"HTTP/1.1" 1000 "x" odd`},
		{"HTTP/1.1 10000 x", `"HTTP/1.1" 0 "10000 x" odd`},
		{"HTTP/1.1 +10 x", `"HTTP/1.1" 0 "+10 x" odd`},
		{"HTTP/1.1 20x x", `"HTTP/1.1" 20 "x x" odd`},
		{"HTTP/1.1 200 a\x00b", `"HTTP/1.1" 200 "a\x00b" odd`},
		{"HTTP/1.1 200 \x00", `"HTTP/1.1" 200 "" odd`},
		{"HTTP/1.1  200 OK", `"HTTP/1.1" 200 "OK" odd`},
		{"HTTP/1.1\t200\tOK", `"HTTP/1.1" 200 "OK" odd`},
		{"HTTP/1.1", `"HTTP/1.1" 0 "" odd`},
		{"HTTP/1.1 OK", `"HTTP/1.1" 0 "OK" odd`},
		{"HTTP/2 200", `"HTTP/2" 200 "" odd`},
		{"http/1.1 200 ok", `"http/1.1" 200 "ok" odd`},
		{"ICY 200 OK", `"ICY" 200 "OK" odd`},
		{"ICY 2", `"ICY" 2 "" odd`},
		{"ICY OK", ""},
		{"ICY", ""},
		{"icy 200 OK", ""},
		{"HTTP/x 200 OK", ""},
		{"HTTP/ 200 OK", ""},
		{"HTTP/1.1.x 200 OK", ""},
		{"HTTX/1.1 200 OK", ""},
		{" HTTP/1.1 200 OK", ""},
		{"", ""},
	} {
		got := ""
		r, ok := parseStatusLine(c.line)
		if ok {
			got = fmt.Sprintf("%q %d %q", r.version, r.status, r.reason)
			if r.odd {
				got += " odd"
			}
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.line, got, c.want)
		}
		if isStart(wire.ToClient, c.line) != ok || isOddStatus(c.line) != (!ok || r.odd) || isPlainStart(wire.ToClient, c.line) != (ok && !r.odd) {
			t.Errorf("%q: is a start: %t, is odd: %t", c.line, !ok, isOddStatus(c.line))
		}
		for n := range len(c.line) + 1 {
			if ok && !mayStart(wire.ToClient, []byte(c.line[:n])) {
				t.Errorf("%q: %q may not start it", c.line, c.line[:n])
			}
		}
	}
}
