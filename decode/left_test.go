package decode_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// ways plays a connection: each step is what a side says, behind > or <, or that it
// ends.
func ways(o decode.Options, steps []string, end error) string {
	conn := &wire.Conn{ID: 1, Start: t0}
	var told []string
	d := decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
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
	for _, s := range steps {
		c := wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToServer, EOF: s[1:] == "eof"}
		if s[0] == '<' {
			c.Dir = wire.ToClient
		}
		if !c.EOF {
			c.Data = []byte(s[1:])
		}
		d.Chunk(c)
	}
	d.End(t0, end)
	return strings.Join(told, " ")
}

// TestLeft: a client that closes the connection before the answer has ended has
// left, however it did that and whatever the answer is; a daemon that breaks off has
// not been left, and neither has one whose client only has nothing more to say.
func TestLeft(t *testing.T) {
	const (
		ask      = ">GET /v1.41/events HTTP/1.1\r\n\r\n"
		list     = ">GET /v1.41/containers/json HTTP/1.1\r\n\r\n"
		attach   = ">POST /v1.41/containers/x/attach?stream=1 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
		chunked  = "<HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n"
		chunk    = "<HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}\n"
		sized    = "<HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}\n"
		open     = "<HTTP/1.0 200 OK\r\n\r\n{}\n"
		whole    = "<HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n"
		session  = ">POST /grpc HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
		asH2     = "<HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
		switched = "<HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
	)
	reset := func(dir wire.Dir) error {
		return fmt.Errorf("end: %w", &wire.PeerError{Dir: dir, Err: errors.New("connection reset")})
	}
	byClient, byServer := reset(wire.ToServer), reset(wire.ToClient)
	for _, c := range []struct {
		name  string
		steps []string
		end   error
		want  string
	}{
		{"chunked, the client closes", []string{ask, chunked, ">eof"}, nil, "aborted left"},
		{"chunked, both close", []string{ask, chunked, ">eof", "<eof"}, nil, "aborted left"},
		{"within a chunk", []string{ask, chunk, ">eof"}, nil, "aborted left"},
		{"sized", []string{ask, sized, ">eof", "<eof"}, nil, "aborted left"},
		{"until the end", []string{ask, open, ">eof"}, nil, "aborted left"},
		{"until the end, which comes", []string{list, open, ">eof", "<eof"}, nil, "done"},
		{"until the end, which comes because the client has left", []string{ask, open, ">eof", "<eof"}, nil, "done left"},
		{"until the end, which came before", []string{ask, open, "<eof", ">eof"}, nil, "done"},
		{"no answer yet", []string{ask, ">eof"}, nil, "aborted left"},
		{"no answer yet, both close", []string{ask, ">eof", "<eof"}, nil, "aborted left"},
		{"reset by the client", []string{ask, chunked}, byClient, "aborted left"},
		{"reset by the client, sized", []string{ask, sized}, byClient, "aborted left"},
		{"reset by the client, until the end", []string{ask, open}, byClient, "aborted left"},
		{"reset by the client, no answer", []string{ask}, byClient, "aborted left"},
		{"only nothing more to say", []string{list, ">eof", whole, "<eof"}, nil, "done"},
		{"the daemon ends in order what the client has left", []string{ask, chunked, ">eof", "<0\r\n\r\n", "<eof"}, nil, "done left"},
		{"the daemon has ended it before", []string{ask, chunked, "<0\r\n\r\n", ">eof", "<eof"}, nil, "done"},
		{"the daemon answers, and the client has left", []string{ask, ">eof", whole, "<eof"}, nil, "done left"},
		{"the daemon refuses, and the client has nothing more to say", []string{ask, ">eof", "<HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}, nil, "done"},
		{"the daemon answers in order, not asked to wait", []string{list, chunked, ">eof", "<0\r\n\r\n", "<eof"}, nil, "done"},
		{"the daemon closes", []string{ask, chunked, "<eof", ">eof"}, nil, "incomplete aborted"},
		{"the daemon resets", []string{ask, chunked}, byServer, "incomplete aborted"},
		{"the daemon closes without an answer", []string{ask, "<eof", ">eof"}, nil, "aborted"},
		{"the daemon resets without an answer", []string{ask}, byServer, "aborted"},
		{"the daemon resets, when the client has closed", []string{ask, chunked, ">eof"}, byServer, "aborted left"},
		{"the client resets what the daemon broke off", []string{ask, chunked, "<eof"}, byClient, "incomplete aborted"},
		{"both at once", []string{ask, chunked}, nil, "incomplete aborted"},
		{"the trace ends", []string{ask, chunked}, wire.ErrStopped, "open"},
		{"the trace ends, the client has closed", []string{ask, chunked, ">eof"}, wire.ErrStopped, "open"},
		{"the trace ends before an answer", []string{ask, ">eof"}, wire.ErrStopped, "open"},
		{"within a request", []string{">GET / HT", ">eof"}, nil, "incomplete"},
		{"within the body of a request", []string{">POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na", ">eof"}, nil, "incomplete aborted left"},
		{"after all", []string{ask, whole, ">eof"}, nil, "done"},
		{"attached", []string{attach, switched, "<out", ">eof"}, nil, "done left"},
		{"attached, the daemon closes", []string{attach, switched, "<out", ">eof", "<eof"}, nil, "done"},
		{"attached, only the daemon closes", []string{attach, switched, "<out", "<eof"}, nil, "done"},
		{"attached, reset by the client", []string{attach, switched, "<out"}, byClient, "aborted left"},
		{"attached, reset by the daemon", []string{attach, switched, "<out"}, byServer, "aborted"},
		{"attached, the trace ends", []string{attach, switched, "<out", ">eof"}, wire.ErrStopped, "open"},
		{"a session, the client closes", []string{session, asH2, ">eof"}, nil, "done"},
		{"a session, reset by the client", []string{session, asH2}, byClient, "aborted left"},
		{"a session, the client closes and resets", []string{session, asH2, ">eof"}, byClient, "aborted left"},
		{"a session, reset by the daemon", []string{session, asH2}, byServer, "aborted"},
		{"a session, reset by the client behind its end", []string{session, asH2, "<eof"}, byClient, "aborted"},
	} {
		if got := ways(all(), c.steps, c.end); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if got := ways(decode.Options{Needs: wire.Needs{Lines: true}}, c.steps, c.end); got != c.want {
			t.Errorf("%s, little needed: got %q, want %q", c.name, got, c.want)
		}
	}
}
