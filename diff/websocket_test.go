package diff

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// frame is a message in a WebSocket.
type frame struct {
	dir    wire.Dir
	opcode byte
	data   string
}

// webSocket returns a session of one WebSocket, asked for with a key.
func webSocket(t *testing.T, key string, frames ...frame) *Session {
	t.Helper()
	s := NewSink(key, 0, 1<<10)
	tell := func(ev wire.Event) {
		if err := s.Event(ev, nil); err != nil {
			t.Fatal(err)
		}
	}
	meta := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1, Start: time.Unix(1, 0), End: time.Unix(1, 0)}
	for i, f := range frames {
		m := meta
		m.Dir = f.dir
		tell(&wire.Message{Meta: m, Kind: wire.KindWebSocket, Opcode: f.opcode, Index: i, Data: []byte(f.data), Size: int64(len(f.data))})
	}
	tell(&wire.Exchange{
		Meta:     meta,
		Request:  &wire.Request{Meta: meta, Method: "GET", Target: "/x", Fields: []wire.Field{{Name: "Sec-WebSocket-Key", Value: key}}},
		Response: &wire.Response{Meta: meta, Status: 101, Fields: []wire.Field{{Name: "Sec-WebSocket-Accept", Value: "of " + key}}},
		Upgrade:  &wire.Upgrade{Meta: meta, Protocol: "websocket"},
	})
	return s.Session()
}

// TestWebSocket: what is another each time, and what comes by chance, is no difference: keys, pings, and
// whether a close is answered. What is said, and the close, is.
func TestWebSocket(t *testing.T) {
	const in, out = wire.ToServer, wire.ToClient
	hello, bye := frame{in, 1, "hello\n"}, frame{out, 8, "\x03\xe8"}
	a := webSocket(t, "a", hello, frame{out, 1, "ho\n"}, bye)
	for _, c := range []struct {
		what   string
		frames []frame
		want   string
	}{
		{"nothing", []frame{hello, {out, 1, "ho\n"}, bye}, ""},
		{"pings", []frame{{in, 9, "a"}, {out, 10, "a"}, hello, {out, 9, ""}, {out, 1, "ho\n"}, {in, 10, ""}, bye}, ""},
		{"the answer to the close", []frame{hello, {out, 1, "ho\n"}, bye, {in, 8, "\x03\xe8"}}, ""},
		{"the client closes", []frame{hello, {out, 1, "ho\n"}, {in, 8, "\x03\xe8"}, bye}, "changed request #1 ↔ #1\n  body websocket +(close 1000)\n"},
		{"the code", []frame{hello, {out, 1, "ho\n"}, {out, 8, "\x03\xe9"}}, "changed request #1 ↔ #1\n  answer websocket -(close 1000) +(close 1001)\n"},
		{"the reason", []frame{hello, {out, 1, "ho\n"}, {out, 8, "\x03\xe8done"}}, "changed request #1 ↔ #1\n  answer websocket -(close 1000) +(close 1000 done)\n"},
		{"a close without a code", []frame{hello, {out, 1, "ho"}, {out, 8, ""}}, "changed request #1 ↔ #1\n  answer websocket -(close 1000) +(close)\n"},
		{"what is said", []frame{hello, {out, 2, "oh\n"}, bye}, "changed request #1 ↔ #1\n  answer websocket -ho +oh\n"},
	} {
		if got := listing(Compare(a, webSocket(t, "b", c.frames...), Options{})); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
}
