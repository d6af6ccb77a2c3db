package decode_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// TestSilentSide: where HTTP/2 was agreed on, a side that leaves without a word does not
// decide what the other one speaks.
func TestSilentSide(t *testing.T) {
	const (
		ask      = ">POST /grpc HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
		agreed   = "<HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
		settings = "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x00\x10\x00\x00"
		opens    = "open 2 in 1.1"
	)
	for _, c := range []struct {
		steps []string
		want  string
	}{
		{[]string{ask, agreed, ">eof", "<" + settings, "<eof"}, opens},
		{[]string{ask, agreed, "<" + settings, ">eof", "<eof"}, opens},
		{[]string{ask, agreed, "<eof", ">PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings, ">eof"}, opens},
		{[]string{ask, agreed, ">eof", "<what is this?", "<eof"}, "raw"},
		{[]string{ask, agreed, "<eof", ">what is this?", ">eof"}, "raw"},
		{[]string{ask, agreed, ">eof", "<eof"}, ""},
		{[]string{ask, agreed, "<eof", ">eof"}, ""},
	} {
		var told []string
		conn := &wire.Conn{ID: 1, Start: t0}
		d := decode.New(conn, all(), func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Open:
				if p := ev.Conn.Parent; p.Conn != nil {
					told = append(told, fmt.Sprintf("open %d in %d.%d", ev.Conn.ID, p.Conn.ID, p.Exchange))
				}
			case *wire.Message:
				told = append(told, ev.Kind.String())
			case *wire.Anomaly:
				told = append(told, ev.Code)
			}
		})
		for _, step := range c.steps {
			dir := wire.ToServer
			if step[0] == '<' {
				dir = wire.ToClient
			}
			if data := step[1:]; data == "eof" {
				d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, EOF: true})
			} else {
				d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, Data: []byte(data)})
			}
		}
		d.End(t0, nil)
		if got := strings.Join(slices.Compact(told), ", "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.steps[2:], got, c.want)
		}
	}
}
