package fault

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// relayed is a connection of a plan without one: what is read is decoded, and given on, at once.
type relayed struct {
	conn *Conn
	of   *wire.Conn
	tap  wire.Tap
}

func relay(t *testing.T, texts ...string) *relayed {
	t.Helper()
	p, of := NewPlan(1, rules(t, texts...)...), &wire.Conn{ID: 1}
	r := &relayed{conn: p.Of(of), of: of}
	r.tap = decode.New(of, decode.Options{Needs: p.Needs()}, func(ev wire.Event) { r.conn.Event(ev) })
	return r
}

// asks has the client send something, and leaves what becomes of it.
func (r *relayed) asks(text string) {
	r.tap.Chunk(wire.Chunk{Conn: r.of, Time: time.Unix(1, 0), Dir: wire.ToServer, Data: []byte(text)})
}

// answers has the daemon send something, and returns what of that the client gets.
func (r *relayed) answers(text string) (got string) {
	for text != "" {
		n := r.conn.Piece([]byte(text))
		r.tap.Chunk(wire.Chunk{Conn: r.of, Time: time.Unix(1, 0), Dir: wire.ToClient, Data: []byte(text[:n])})
		got, text = got+text[:n], text[n:]
		if r.conn.Cut() != nil {
			break
		}
	}
	return got
}

// TestCutNext: an answer is cut where it should be also if it comes together with the one before,
// which is shorter than it might be.
func TestCutNext(t *testing.T) {
	r := relay(t, "/b: cut after 100", "/c: cut after 1")
	r.asks("GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n")
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
	if got := r.answers(head + "\n\n" + head + "/c"); got != head+"\n\n"+head+"/" {
		t.Errorf("the client got %q", got)
	}
}

// TestCutMeanwhile: an answer is cut where it should be also if another that is to be cut is asked
// for within its head.
func TestCutMeanwhile(t *testing.T) {
	r := relay(t, "/b: cut after 1", "/c: cut after 1")
	r.asks("GET /b HTTP/1.1\r\n\r\n")
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
	got := r.answers(head)
	r.asks("GET /c HTTP/1.1\r\n\r\n")
	if got += r.answers("\r\n/b"); got != head+"\r\n/" {
		t.Errorf("the client got %q", got)
	}
}
