package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestHidden: of an exchange that nobody is told of, the documents are told that tell something of use for
// others, aside, and what else is in bodies is counted. A call of gRPC is looked into as any other.
func TestHidden(t *testing.T) {
	const doc = `{"Id":"x","Name":"/web"}`
	const isJSON, multiplexed = "application/json", "application/vnd.docker.multiplexed-stream"
	for _, c := range []struct{ line, typ, status, body, shown, hidden string }{
		{"GET /containers/x/json", isJSON, "200 OK", doc, "json 24 " + doc + "|body 24 24", "json 24 " + doc + "|body 24 0"},
		{"GET /info", isJSON, "200 OK", doc, "json 24 " + doc + "|body 24 24", "body 24 0"},
		{"GET /info", isJSON, "500 No", `{"message":"m"}`, `json 15 {"message":"m"}|body 15 15`, `json 15 {"message":"m"}|body 15 0`},
		{"GET /containers/x/logs", multiplexed, "200 OK", "\x01\x00\x00\x00\x00\x00\x00\x02hi", "stdout 2 hi|body 10 10", "body 10 0"},
		{"GET /other", isJSON, "200 OK", doc, "json 24 " + doc + "|body 24 24", "json 24 " + doc + "|body 24 24"},
		{"POST /moby.buildkit.v1.Control/Solve", "application/grpc", "200 OK", "\x00\x00\x00\x00\x00", "grpc 0 {}|body 5 0", "grpc 0 {}|body 5 0"},
	} {
		for _, hidden := range []bool{false, true} {
			var told []string
			conn := &wire.Conn{ID: 1, Start: t0}
			o := decode.Options{
				Needs:  wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: 1 << 10, Digest: true},
				Hidden: func(of *wire.Conn, n int) bool { return hidden && of == conn && n == 1 },
			}
			d := decode.New(conn, o, tracetest.Booked(func(ev wire.Event) {
				switch ev := ev.(type) {
				case *wire.Message:
					told = append(told, fmt.Sprintf("%v %d %s", ev.Kind, ev.Size, ev.Data))
					if aside := hidden && len(told) < 2 && !strings.HasSuffix(c.hidden, c.shown); ev.Aside != aside {
						t.Errorf("%s: %q is aside: %t", c.line, ev.Data, ev.Aside)
					}
				case *wire.Body:
					told = append(told, fmt.Sprintf("body %d %d", ev.Bytes, len(ev.Data)))
					if hidden && c.hidden != c.shown && ev.Digest != "" {
						t.Errorf("%s: there is a digest", c.line)
					}
				}
			}))
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Data: []byte(c.line + " HTTP/1.1\r\n\r\n")})
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: wire.ToClient,
				Data: fmt.Appendf(nil, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", c.status, c.typ, len(c.body), c.body)})
			want := c.shown
			if hidden {
				want = c.hidden
			}
			if got := strings.Join(told, "|"); got != want {
				t.Errorf("%s, hidden %t:\n got %q\nwant %q", c.line, hidden, got, want)
			}
		}
	}
}
