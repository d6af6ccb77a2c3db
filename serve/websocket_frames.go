package serve

import (
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// isWebSocket reports whether an upgrade to a protocol is one to a WebSocket.
func isWebSocket(protocol string) bool { return strings.EqualFold(protocol, "websocket") }

// frames returns the frames in which a WebSocket says to its client what it has said, each with
// its time, up to the close frame; and why that cannot be served, empty if it can. Pongs are not
// among them: what is pinged is another each time.
//
// What came in fragments, or compressed, comes as one frame, and plain. What came behind a frame
// that broke the rules comes as it was.
func (c channels) frames(said []*wire.Message) (parts []piece, lacks string) {
	for _, m := range said {
		if int64(len(m.Data)) < m.Size && len(m.Masked) == 0 {
			return nil, notKept
		}
		m, data := c.asSent(m), m.Data
		if m.Kind == wire.KindWebSocket {
			data = frameOf(m)
		}
		if len(data) > 0 {
			parts = append(parts, piece{data: data, at: sinceEpoch(m.End)})
		}
		if m.Kind == wire.KindWebSocket && m.Opcode == wire.OpClose {
			break
		}
	}
	return parts, ""
}

// frameOf returns a message of a server in a frame; nil if it is not sent again.
func frameOf(m *wire.Message) []byte {
	switch {
	case m.Opcode == wire.OpPong:
		return nil
	case m.Opcode >= wire.OpClose: // a foreign recording may have more
		return websocket.Append(nil, m.Opcode, true, m.Data[:min(len(m.Data), websocket.MaxControl)])
	}
	// The stream may have ended within a message: what is masked is not told as that.
	return websocket.Append(nil, m.Opcode, !m.Truncated || len(m.Masked) > 0, m.Data)
}

// inOrder returns parts with a close frame at their end, if they have none. Browsers record neither
// that nor the end of the connection.
func inOrder(parts []piece, at time.Duration) []piece {
	if n := len(parts); n > 0 && isClose(parts[n-1].data) {
		return parts
	}
	return append(parts, piece{data: websocket.Append(nil, wire.OpClose, true, websocket.ClosePayload(websocket.CloseNormal, "")), at: at})
}

// isClose reports whether a frame closes the connection.
func isClose(frame []byte) bool { return len(frame) > 0 && frame[0]&0x0f == wire.OpClose }

// entered returns what the client of a WebSocket has said in it, without control frames, and when
// it closed that; or, if it did not, when its direction ended.
func (c channels) entered(said []*wire.Message, over time.Time) ([]*wire.Message, time.Time) {
	var typed []*wire.Message
	for _, m := range said {
		switch m = c.asSent(m); {
		case m.Kind == wire.KindWebSocket && m.Opcode == wire.OpClose:
			return typed, m.End
		case m.Kind == wire.KindWebSocket && m.Opcode > wire.OpClose:
		default:
			typed = append(typed, m)
		}
	}
	return typed, over
}
