package decode_test

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestEveryByte adds up what the events tell of: every byte of a connection
// must be in a head, in a body, in a stream, or raw.
func TestEveryByte(t *testing.T) {
	// Empty lines before a start line belong to nothing (RFC 9112, section
	// 2.2).
	emptyLines := map[string]int64{"odd_heads": 4}
	for _, s := range sessions(t) {
		t.Run(s.name, func(t *testing.T) {
			for i, c := range s.Conns {
				var got, want int64
				for _, ch := range c.Chunks {
					want += int64(len(ch.Data))
				}
				after := map[int]bool{} // exchanges that have been upgraded
				for _, ev := range play(c, c.Wire(i+1, t0), all()) {
					switch ev := ev.(type) {
					case *wire.Request:
						got += ev.HeadBytes
					case *wire.Response:
						got += ev.HeadBytes
					case *wire.Body:
						got += ev.WireBytes
					case *wire.Upgrade:
						after[ev.Exchange] = true
					case *wire.Message:
						if ev.Exchange == 0 || after[ev.Exchange] {
							got += streamBytes(ev)
						}
					}
				}
				if got += emptyLines[s.name]; got != want {
					t.Errorf("connection %d: %d bytes told of; want %d", i+1, got, want)
				}
			}
		})
	}
}

// streamBytes is what a message of a stream took on the wire.
func streamBytes(m *wire.Message) int64 {
	switch m.Kind {
	case wire.KindStdout, wire.KindStderr, wire.KindSystemErr:
		return 8 + int64(len(m.Data))
	}
	return int64(len(m.Data))
}
