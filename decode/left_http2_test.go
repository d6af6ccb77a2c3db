package decode_test

import (
	"strings"
	"testing"

	"golang.org/x/net/http2"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestLeftCalls: it is no fault of a call of gRPC that its client leaves it, or is told
// that no more of it is wanted; of other requests it is.
func TestLeftCalls(t *testing.T) {
	for _, c := range []struct {
		name, path string
		body       string // of the request, which is not ended
		refused    bool   // by a whole answer, after which the server wants no more
		want       string
	}{
		{"a call", "/a.B/C", "\x00\x00\x00\x00\x00", false, "aborted left"},
		{"within a message", "/a.B/C", "\x00\x00\x00\x00\x02a", false, "aborted left"},
		{"an upload", "/x", "a", false, "incomplete aborted left"},
		{"a call that is refused", "/a.B/C", "\x00\x00\x00\x00\x02a", true, "done"},
		{"within a length", "/a.B/C", "\x00\x00", true, "done"},
	} {
		talk := newTalk(true)
		typ := "application/grpc"
		if c.path == "/x" {
			typ = "text/plain"
		}
		talk.client().head(1, false, ":method: POST", ":scheme: http", ":path: "+c.path, ":authority: a", "content-type: "+typ).data(1, false, c.body).send()
		if c.refused {
			talk.server().head(1, true, ":status: 200", "content-type: "+typ, "grpc-status: 12")
			wrote(talk.server().WriteRSTStream(1, http2.ErrCodeNo))
		} else {
			talk.server().head(1, false, ":status: 200", "content-type: "+typ)
		}
		talk.server().send()
		var told []string
		conn := &wire.Conn{ID: 1, Start: t0}
		d := decode.New(conn, all(), tracetest.Booked(func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Anomaly:
				told = append(told, ev.Code)
			case *wire.Exchange:
				told = append(told, ev.State.String())
				if ev.Outcome.Left {
					told = append(told, "left")
				}
			}
		}))
		for _, chunk := range talk.conn.Chunks {
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: chunk.Dir, Data: chunk.Data})
		}
		d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToServer, EOF: true})
		d.End(t0, nil)
		if got := strings.Join(told, " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
