package decode_test

import (
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// TestHeldBack looks at what waits for the other direction, since both decide
// whether there is a connection inside.
func TestHeldBack(t *testing.T) {
	const request, answer = "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"
	for _, tt := range []struct {
		name   string
		budget int64
		dir    wire.Dir
		data   string
		shown  bool
	}{
		{"a request waits for its answer", 1 << 10, wire.ToServer, request, false},
		{"an answer to nothing does not wait", 1 << 10, wire.ToClient, answer, true},
		{"nothing waits when the memory of all is used up", int64(len(request)) - 1, wire.ToServer, request, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			shown := 0
			o := decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Messages: true, Body: 1 << 10}, Budget: decode.NewBudget(tt.budget)}
			d := decode.New(&wire.Conn{ID: 1, Start: t0}, o, func(ev wire.Event) {
				if m, ok := ev.(*wire.Message); ok {
					shown += len(m.Data)
				}
			})
			chunk := func(dir wire.Dir, data string) { d.Chunk(wire.Chunk{Time: t0, Dir: dir, Data: []byte(data)}) }
			chunk(wire.ToServer, "CONNECT x:1 HTTP/1.1\r\n\r\n")
			chunk(wire.ToClient, "HTTP/1.1 200 OK\r\n\r\n")
			if chunk(tt.dir, tt.data); shown > 0 != tt.shown {
				t.Errorf("%d bytes are shown", shown)
			}
			d.End(t0, nil)
			if shown != len(tt.data) {
				t.Errorf("at the end %d bytes are shown, want %d", shown, len(tt.data))
			}
			if left := decode.Left(o.Budget); left != tt.budget {
				t.Errorf("%d bytes of %d are left", left, tt.budget)
			}
		})
	}
}
