package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestHTTP2Stopped: where the trace ends before the streams do, that is no fault of
// theirs.
func TestHTTP2Stopped(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{wire.ErrStopped, "1 done, 3 open, 5 open"},
		{nil, "1 done, incomplete, incomplete, 3 aborted, incomplete, 5 aborted"},
	} {
		k := newTalk(true)
		k.client().head(1, true, get("/")...).head(3, true, get("/three")...).head(5, false, get("/five")...).send()
		k.server().head(1, true, answer("200")...).head(3, false, answer("200")...).data(3, false, "half").send()
		k.client().out.WriteString("\x00\x00\x05\x00\x00\x00\x00\x00\x05ha") // a frame of which not all is there
		k.client().send()
		k.server().head(5, false, answer("200")...).data(5, false, "a")
		k.server().out.Truncate(k.server().out.Len() - 1)
		k.server().send()
		var told []string
		conn := k.conn.Wire(1, t0)
		d := decode.New(conn, all(), tracetest.Booked(func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Anomaly:
				told = append(told, ev.Code)
			case *wire.Exchange:
				told = append(told, fmt.Sprint(ev.Request.Stream, " ", ev.State))
			}
		}))
		for _, ch := range k.conn.Chunks {
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: ch.Dir, Data: ch.Data})
		}
		d.End(t0, c.err)
		if got := strings.Join(told, ", "); got != c.want {
			t.Errorf("%v: got %s, want %s", c.err, got, c.want)
		}
	}
}

// TestHTTP2Lines: who only wants lines gets the fields that say how a call has ended, in
// heads and in trailers, and none of other messages.
func TestHTTP2Lines(t *testing.T) {
	k := newTalk(true)
	k.client().head(1, true, get("/a.B/C", "content-type: application/grpc", "x: y")...).send()
	k.server().head(1, false, answer("200", "content-type: application/grpc", "x: y")...).head(1, true, "grpc-status: 5", "grpc-message: no", "x: y").send()
	k.client().head(3, true, get("/", "x: y")...).send()
	k.server().head(3, false, answer("200", "content-type: text/plain")...).data(3, false, "x").head(3, true, "x: y").send()
	var told []string
	conn := k.conn.Wire(1, t0)
	k.conn.Play(conn, decode.New(conn, decode.Options{Needs: wire.Needs{Lines: true}}, tracetest.Booked(func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			told = append(told, names(ev.Fields))
		case *wire.Response:
			told = append(told, names(ev.Fields))
		case *wire.Body:
			told = append(told, names(ev.Trailer))
		}
	})))
	if got, want := strings.Join(told, "|"), "content-type|content-type|grpc-status grpc-message|||"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
