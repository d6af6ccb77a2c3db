package content

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestAgreedChannels(t *testing.T) {
	for protocol, want := range map[string]string{
		"channel.k8s.io": "plain", "v4.channel.k8s.io": "plain", " V5.Channel.K8s.io ": "plain", "base64.channel.k8s.io": "base64", "v1.base64.channel.k8s.io": "base64",
		"": "", "v4.channel.k8s.io.x": "", "x4.channel.k8s.io": "", "v4-channel.k8s.io": "", "v44.channel.k8s.io": "", "4.channel.k8s.io": "", "xchannel.k8s.io": "",
	} {
		got := ""
		if c := agreedChannels(protocol); c != nil {
			got = map[bool]string{false: "plain", true: "base64"}[c.base64]
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", protocol, got, want)
		}
	}
}

func TestChannels(t *testing.T) {
	for _, c := range []struct {
		base64  bool
		opcode  byte
		data    string
		missing int64 // of the size, which is cut then
		want    string
	}{
		{false, wire.OpBinary, "\x00in", 0, `stdin 2 "in"`},
		{false, wire.OpText, "\x01out", 0, `stdout 3 "out"`},
		{false, wire.OpBinary, "\x02err", 0, `stderr 3 "err"`},
		{false, wire.OpBinary, "\x02", 0, `stderr 0`},
		{false, wire.OpBinary, "\x03no", 0, `text 2 error "no"`},
		{false, wire.OpBinary, "\x03{\"a\":1}", 0, `json 7 error "{\"a\":1}"`},
		{false, wire.OpBinary, "\x04{}", 0, `json 2 resize "{}"`},
		{false, wire.OpBinary, "\x04", 0, `text 0 resize`},
		{false, wire.OpBinary, "\x05x", 0, `websocket 2 opcode 2 "\x05x"`},
		{false, wire.OpBinary, "\xfex", 0, `websocket 2 opcode 2 "\xfex"`},
		{false, wire.OpBinary, "\xff\x01", 0, `text 6 close "stdout"`},
		{false, wire.OpBinary, "\xff\x09", 0, `raw 1 close "\t"`},
		{false, wire.OpBinary, "\xff\x01\x01", 0, `raw 2 close "\x01\x01"`},
		{false, wire.OpBinary, "\xff", 0, `raw 0 close`},
		{false, wire.OpBinary, "", 0, `websocket 0 opcode 2`},
		{false, wire.OpPing, "\x01x", 0, `websocket 2 opcode 9 "\x01x"`},
		{false, wire.OpClose, "\x01x", 0, `websocket 2 opcode 8 "\x01x"`},
		{false, wire.OpBinary, "\x01out", 9, `stdout 12 "out" cut`},
		{true, wire.OpText, "1b3V0", 0, `stdout 3 "out"`},
		{true, wire.OpText, "1", 0, `stdout 0`},
		{true, wire.OpText, "1b3V", 0, `stdout 3 "b3V"`},
		{true, wire.OpText, "3bm8=", 0, `text 2 error "no"`},
		{true, wire.OpText, "4e30=", 0, `json 2 resize "{}"`},
		{true, wire.OpText, "/b3V0", 0, `websocket 5 opcode 1 "/b3V0"`},
		{true, wire.OpText, "1b3V0b3", 2, `stdout 6 "out" cut`},
		{true, wire.OpText, "1b3V0", 5, `stdout 6 "out" cut`},
		{true, wire.OpText, "1b3V0", 400, `stdout 303 "out" cut`},
	} {
		u := Unit{Kind: wire.KindWebSocket, Opcode: c.opcode, Data: []byte(c.data), Size: int64(len(c.data)) + c.missing, Cut: c.missing > 0}
		if got := tell((&channels{base64: c.base64}).tell(u)); got != c.want {
			t.Errorf("base64: %t, %q: got %s, want %s", c.base64, c.data, got, c.want)
		}
	}
}
