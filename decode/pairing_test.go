package decode_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestPairs follows which answer belongs to which request, where not all that was
// sent is understood or captured. A small letter is a request, the same as a capital
// its answer, and what stands between:
//
//	? and !  bytes of the server that are no message, with and without a line end
//	%        bytes of the client that may be a request
//	_ and *  bytes of the server that were not captured, some and unknown
//	- and +  bytes of the client that were not captured, as many as a request and unknown
//	' and =  as many as an empty line, and as ten requests
//	.        the client is told to go on
//
// What is told is a pair for each exchange, with - for what it has not.
func TestPairs(t *testing.T) {
	for _, c := range []struct{ talk, want string }{
		{"aAbB", "aA bB"},
		{"abABcC", "aA bB cC"},
		{"abA", "aA b-"},
		{"aAA", "aA -A"},
		{"Aa", "-A a-"},
		{"a.A", "aA"},
		{".aA", "-- aA"},
		{"a?A", "aA"},
		{"a!A", "aA"},
		{"a_A", "aA"},
		{"a*A", "aA"},
		{"ab?AB", "a- b- -A -B"},
		{"ab!AB", "aA bB"},
		{"ab_AB", "a- b- -A -B"},
		{"ab?ABcC", "a- b- -A -B cC"},
		{"ab?AcBCdD", "a- b- -A c- -B -C dD"},
		{"ab?AcBdCDeE", "a- b- -A c- -B d- -C -D eE"},
		{"ab?A.BcC", "a- b- -A -- -B cC"},
		{"abA?BcC", "aA bB cC"},
		{"a?bB", "a- bB"},
		{"a!bB", "a- bB"},
		{"a_bB", "a- bB"},
		{"abA_cC", "aA b- c- -C"},
		{"aA%bB", "aA b- -B"},
		{"a%A", "aA"},
		{"a%bAB", "aA b- -B"},
		{"%aA", "a- -A"},
		{"%aAbB", "a- -A bB"},
		{"ab%cABCdD", "aA bB c- -C d- -D"},
		{"ab%cABXCdD", "aA bB c- -X -C dD"},
		{"-aA", "a- -A"},
		{"-aXAbB", "a- -X -A bB"},
		{"a-A", "aA"},
		{"aA-bB", "aA b- -B"},
		{"aA-bXBcC", "aA b- -X -B cC"},
		{"aA'bB", "aA bB"},
		{"aA+bB", "aA bB"},
		{"a-bAXB", "aA b- -X -B"},
		{"abAB-cXCdD", "aA bB c- -X -C dD"},
		{"abAB=cXXXXXXXXXXCdD", "aA bB c- -X -X -X -X -X -X -X -X -X -X -C dD"},
		{"aA-_bB", "aA bB"},
		{"abAB-_cC", "aA bB c- -C"},
		{"aA-?bB", "aA b- -B"},
		{"aA-X", "aA -X"},
		{"a?", "a-"},
		{"a_", "a-"},
		{"a", "a-"},
	} {
		if got := pairs(c.talk); got != c.want {
			t.Errorf("%s: got %q, want %q", c.talk, got, c.want)
		}
	}
}

// pairs plays a talk, and returns what is paired.
func pairs(talk string) string {
	var got []string
	conn := &wire.Conn{ID: 1, Start: t0}
	d := decode.New(conn, all(), tracetest.Booked(func(ev wire.Event) {
		x, ok := ev.(*wire.Exchange)
		if !ok {
			return
		}
		pair := []byte("--")
		if x.Request != nil {
			pair[0] = x.Request.Target[1]
		}
		if x.ResponseBody != nil {
			pair[1] = x.ResponseBody.Data[0]
		}
		got = append(got, string(pair))
	}))
	for i, c := range talk {
		ch := wire.Chunk{Conn: conn, Time: t0.Add(time.Duration(i) * time.Millisecond), Dir: wire.ToClient}
		switch c {
		case '?':
			ch.Data = []byte("what\r\n")
		case '!':
			ch.Data = []byte("\x00\x01")
		case '.':
			ch.Data = []byte("HTTP/1.1 100 Continue\r\n\r\n")
		case '_':
			ch.Lost = 50
		case '*':
			ch.Lost = -1
		case '%':
			ch.Dir, ch.Data = wire.ToServer, []byte("\x00what\r\n\r\n")
		case '-':
			ch.Dir, ch.Lost = wire.ToServer, len("GET /a HTTP/1.1\r\n\r\n")
		case '+':
			ch.Dir, ch.Lost = wire.ToServer, -1
		case '\'':
			ch.Dir, ch.Lost = wire.ToServer, 2
		case '=':
			ch.Dir, ch.Lost = wire.ToServer, 10*len("GET / HTTP/1.1\r\n\r\n")
		default:
			if strings.ToLower(string(c)) == string(c) {
				ch.Dir, ch.Data = wire.ToServer, fmt.Appendf(nil, "GET /%c HTTP/1.1\r\n\r\n", c)
			} else {
				ch.Data = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%c", c)
			}
		}
		d.Chunk(ch)
	}
	d.End(t0.Add(time.Second), nil)
	return strings.Join(got, " ")
}
