package decode_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
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
		{"a request waits for its answer", 64 << 10, wire.ToServer, request, false},
		{"an answer to nothing does not wait", 64 << 10, wire.ToClient, answer, true},
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

// TestUpload sends more in a tunnel than is held back before there is an answer.
// Only a tunnel is made for what it carries: an upgraded stream is something else
// then.
func TestUpload(t *testing.T) {
	const size = 70_000
	upload := "POST /upload HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + strings.Repeat("u", size)
	const answer = "HTTP/1.1 204 No Content\r\n\r\n"
	for _, tt := range []struct {
		name, ask, agree string
		want             string
	}{
		{"tunnel", "CONNECT x:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "2.1 POST 70000 204; 2.2 GET 0 204; 1.1 CONNECT 0 200"},
		{"upgrade", "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "1.1 GET 0 101"},
	} {
		for _, piece := range []int{1 << 20, 1000, 7} {
			var got []string
			asked := 0 // inside
			take := tracetest.Booked(func(ev wire.Event) {
				switch x := ev.(type) {
				case *wire.Request:
					asked += x.Conn.ID - 1
				case *wire.Anomaly:
					t.Errorf("%s in pieces of %d: %s %s", tt.name, piece, x.Code, x.Detail)
				case *wire.Exchange:
					sent := int64(0)
					if x.RequestBody != nil {
						sent = x.RequestBody.WireBytes
					}
					got = append(got, fmt.Sprintf("%d.%d %s %d %d", x.Conn.ID, x.Meta.Exchange, x.Request.Method, sent, x.Response.Status))
				}
			})
			d := decode.New(&wire.Conn{ID: 1, Start: t0}, decode.Options{Needs: wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Keeps: true}}, take)
			for _, chunk := range []struct {
				dir  wire.Dir
				data string
			}{{wire.ToServer, tt.ask}, {wire.ToClient, tt.agree}, {wire.ToServer, upload}, {wire.ToClient, answer},
				{wire.ToServer, "GET / HTTP/1.1\r\n\r\n"}, {wire.ToClient, answer}} {
				if chunk.data == answer && (asked > 0) != (tt.name == "tunnel") {
					t.Errorf("%s in pieces of %d: %d requests are told before they are answered", tt.name, piece, asked)
				}
				for b := range slices.Chunk([]byte(chunk.data), piece) {
					d.Chunk(wire.Chunk{Time: t0, Dir: chunk.dir, Data: b})
				}
			}
			d.End(t0, nil)
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("%s in pieces of %d:\ngot  %s\nwant %s", tt.name, piece, text, tt.want)
			}
		}
	}
}

// TestDeep has tunnels in tunnels: very many are not connections any more.
func TestDeep(t *testing.T) {
	const proxy = "PROXY UNKNOWN\r\n"
	for _, first := range []string{"", proxy} {
		opened, raw := 0, 0
		d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Open:
				opened++
			case *wire.Message:
				raw += len(ev.Data)
			}
		})
		const tunnels, ask, agree = 12, "CONNECT x:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"
		for range tunnels {
			d.Chunk(wire.Chunk{Time: t0, Data: []byte(first + ask)})
			d.Chunk(wire.Chunk{Time: t0, Dir: wire.ToClient, Data: []byte(agree)})
		}
		d.End(t0, nil)
		want := 3 * len(ask+agree) // nine are understood
		if first != "" {
			want = len(first) + 7*len(first+ask+agree) // of five, each in two; before the last is what no proxy says
		}
		if opened != 9 || raw != want {
			t.Errorf("%q: %d connections, %d raw bytes, want %d", first, opened, raw, want)
		}
	}
}

// TestCarriedBegins has what a proxy says, or is told, come in pieces: the connection
// inside begins when all of it has.
func TestCarriedBegins(t *testing.T) {
	for _, s := range sessions(t) {
		if s.name != "proxy_slow" {
			continue
		}
		for i, want := range []time.Duration{2 * time.Millisecond, 3 * time.Millisecond} {
			inside := 0
			for _, ev := range play(s.Conns[i], s.Conns[i].Wire(1, t0), all()) {
				if o, ok := ev.(*wire.Open); ok && o.Conn.ID > 1 {
					if inside++; !o.Conn.Start.Equal(t0.Add(want)) {
						t.Errorf("connection %d: the one inside begins after %v, want %v", i+1, o.Conn.Start.Sub(t0), want)
					}
				}
			}
			if inside != 1 {
				t.Errorf("connection %d: %d are inside", i+1, inside)
			}
		}
	}
}

// TestMostHeldBack has as much wait for its answer as may, and one byte more.
func TestMostHeldBack(t *testing.T) {
	for _, c := range []struct {
		ask, agree string
		size       int
		waits      bool // until there is an answer
		conns      int  // then
	}{
		{"GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", 64 << 10, true, 2},
		{"GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", 64<<10 + 1, false, 1},
		{"CONNECT x:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", 64 << 10, true, 2},
		{"CONNECT x:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", 64<<10 + 1, false, 2},
	} {
		conns, told := 0, 0
		d := decode.New(&wire.Conn{ID: 1, Start: t0}, all(), func(ev wire.Event) {
			switch ev.(type) {
			case *wire.Open:
				conns++
			case *wire.Message, *wire.Request:
				told++
			}
		})
		say := func(dir wire.Dir, text string) { d.Chunk(wire.Chunk{Time: t0, Dir: dir, Data: []byte(text)}) }
		say(wire.ToServer, c.ask)
		say(wire.ToClient, c.agree)
		told = 0
		head := "POST /upload HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 70000\r\n\r\n"
		if say(wire.ToServer, head+strings.Repeat("u", c.size-len(head))); (told == 0) != c.waits {
			t.Errorf("%.10q, %d bytes: %d events before there is an answer", c.ask, c.size, told)
		}
		if say(wire.ToClient, "HTTP/1.1 413 Too Large\r\n\r\n"); conns != c.conns || told == 0 {
			t.Errorf("%.10q, %d bytes: %d connections, %d events", c.ask, c.size, conns, told)
		}
		d.End(t0, nil)
	}
}
