package decode_test

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// TestEveryByte adds up what the events tell of: every byte of a connection
// must be in a head, in a body, in a stream, or raw. Streams of WebSocket frames
// are left out, and HTTP/2.
func TestEveryByte(t *testing.T) {
	// Empty lines before a start line belong to nothing (RFC 9112, section
	// 2.2).
	emptyLines := map[string]int64{"odd_heads": 4, "proxy_cut": 4}
	for _, s := range sessions(t) {
		if strings.HasPrefix(s.name, "tls") && s.name != "tls_to_plain" {
			continue // records and handshakes are of TLS itself, and are not told
		}
		t.Run(s.name, func(t *testing.T) {
			for i, c := range s.Conns {
				got, frames, headers := toldBytes(play(c, c.Wire(i+1, t0), all()))
				if frames || inFrames(c) {
					continue // how long they were is not told: see FuzzWebSocket, TestFrames
				}
				want := -emptyLines[s.name]
				for _, ch := range c.Chunks {
					want += int64(len(ch.Data))
				}
				if headers && got < want {
					got += (want - got) / 8 * 8 // those of frames that carry a connection are not told
				}
				if got != want {
					t.Errorf("connection %d: %d bytes told of; want %d", i+1, got, want)
				}
			}
		})
	}
}

// inFrames reports whether a side of c begins as HTTP/2 does, or something that it carries.
func inFrames(c *transcript.Conn) bool {
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		if b := string(c.Bytes(dir)); strings.Contains(b, wire.HTTP2Preface) || strings.HasPrefix(b, "\x00\x00\x00\x04\x00") {
			return true
		}
	}
	return false
}

// toldBytes adds up the bytes on the wire that evs tell of, unless some were
// frames of a WebSocket, or of HTTP/2. headers says that frames have carried a connection.
func toldBytes(evs []wire.Event) (n int64, frames, headers bool) {
	type exchange struct{ conn, n int }
	after := map[exchange]bool{} // those that have been upgraded
	carried := map[*wire.Conn][2]int64{}
	for _, ev := range evs {
		switch ev := ev.(type) {
		case *wire.Open:
			headers = headers || ev.Conn.Via == "stdout"
			frames = frames || strings.HasPrefix(ev.Conn.Via, "h2")
		case *wire.Request:
			n += ev.HeadBytes
			frames = frames || ev.Version == "HTTP/2"
		case *wire.Response:
			n += ev.HeadBytes
		case *wire.Body:
			n += ev.WireBytes
		case *wire.Upgrade:
			after[exchange{ev.Conn.ID, ev.Exchange}] = true
			frames = frames || ev.Content == wire.KindWebSocket
		case *wire.Message:
			if ev.Exchange == 0 || after[exchange{ev.Conn.ID, ev.Exchange}] {
				n += streamBytes(ev)
			}
		case *wire.Close:
			if inside, ok := carried[ev.Conn]; ok { // the rest is told by the Open of what it carries
				n += ev.Bytes[0] - inside[0] + ev.Bytes[1] - inside[1]
			}
			if p := ev.Conn.Parent; p.Conn != nil && p.Exchange == 0 {
				carried[p.Conn] = ev.Bytes
			}
		}
	}
	return n, frames, headers
}

// streamBytes is what a message of a stream took on the wire.
func streamBytes(m *wire.Message) int64 {
	switch m.Kind {
	case wire.KindStdout, wire.KindStderr, wire.KindSystemErr:
		return 8 + int64(len(m.Data))
	case wire.KindRaw:
		return m.Size // all of it is told, but for a password
	}
	return int64(len(m.Data))
}
