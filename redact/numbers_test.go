package redact

import (
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// TestNumbers: where bytes are hidden, an anomaly tells no numbers that are made of them.
func TestNumbers(t *testing.T) {
	const frame = `no preface, but frame of type 65 of stream 1394626149 (5069136 bytes) "x"`
	const masked = `no preface, but frame of type * of stream * (* bytes) "*"`
	for _, tt := range []struct {
		carrier            dockerapi.Traits
		dir                wire.Dir
		code, detail, want string
	}{
		{dockerapi.Input, wire.ToServer, "bad-http2", frame, masked},
		{dockerapi.Input, wire.ToClient, "bad-http2", frame, frame},
		{dockerapi.Sealed, wire.ToClient, "bad-http2", frame, masked},
		{0, wire.ToServer, "bad-http2", frame, frame},
		{dockerapi.Input, wire.ToServer, "bad-grpc", "ab 4d 53 59 20", "* * * * *"},
		{dockerapi.Input, wire.ToServer, "goaway", "NO_ERROR; the last stream was 7", "NO_ERROR; the last stream was *"},
		{dockerapi.Input, wire.ToServer, "lost", "7 bytes", "7 bytes"},
		{dockerapi.Input, wire.ToServer, "bad-x", "[masked 7 bytes] be 1f9", "[masked 7 bytes] * *"},
		{dockerapi.Input, wire.ToServer, "bad-x", "no number, adc", "no number, adc"},
	} {
		c := inside(tt.carrier)
		c.request(1, "/x")
		a := &wire.Anomaly{Meta: c.meta(1, tt.dir), Code: tt.code, Detail: tt.detail}
		got := c.r.Event(a).(*wire.Anomaly)
		want := tt.want
		if masktest.Bare(got.Detail) != masktest.Bare(want) || (got != a) != (want != tt.detail) {
			t.Errorf("%s %v in %b: %s, want %s", tt.code, tt.dir, tt.carrier, got.Detail, want)
		}
		if again := c.r.Event(got).(*wire.Anomaly); again != got {
			t.Errorf("masked again: %s", again.Detail)
		}
	}
	c := newConv()
	c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: "POST", Target: "/exec/1/start"})
	for dir, want := range []string{wire.ToServer: "opcode *", wire.ToClient: "opcode 65"} {
		a := c.r.Event(&wire.Anomaly{Meta: c.meta(1, wire.Dir(dir)), Code: "bad-websocket", Detail: "opcode 65"}).(*wire.Anomaly)
		if masktest.Bare(a.Detail) != want {
			t.Errorf("what is typed: %s, want %s", a.Detail, want)
		}
	}
}
