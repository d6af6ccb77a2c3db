package replay

import (
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// socket is a WebSocket, seen from the client. One goroutine listens, another sends.
type socket struct {
	conn     io.Writer
	received *tally // gets what comes

	mu     sync.Mutex // of closed, and while a frame is sent
	closed bool       // a close frame was sent: nothing follows
}

// send sends a message, or a control frame; nothing behind a close.
func (s *socket) send(opcode byte, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = opcode == wire.OpClose
	_, err := s.conn.Write(websocket.AppendMasked(nil, opcode, true, websocket.NewMask(), data))
	return err
}

// listen reads what the daemon says to its end, counts it as a Sink does, and answers pings and the
// close. How long a message is makes no difference: nothing of it is held.
func (s *socket) listen(from io.Reader) error {
	r := websocket.Reader{Most: math.MaxInt64}
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if breach := r.Write(buf[:n], s.hear); breach != nil {
			return fmt.Errorf("the daemon breaks the rules of WebSockets: %w", breach)
		}
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

// hear takes what the daemon says. Whether what is answered arrives, who reads sees.
func (s *socket) hear(p websocket.Part) error {
	switch p.Opcode {
	case wire.OpPing:
		_ = s.send(wire.OpPong, p.Data)
	case wire.OpPong:
	case wire.OpClose:
		if err := websocket.CheckClose(p.Data); err != nil {
			return err
		}
		_ = s.send(wire.OpClose, p.Data) // before an end of the input that waits for it
		s.received.add(len(p.Data) + wire.FrameHeader)
	default:
		n := len(p.Data)
		if p.Last {
			n += wire.FrameHeader // as of all messages
		}
		s.received.add(n)
	}
	return nil
}
