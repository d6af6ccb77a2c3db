package serve

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// maxMessage is how long a message of a client may be, in bytes. Nothing of it is held.
const maxMessage = 64 << 20

// badOffer returns what is wrong with a request that offers to become a WebSocket; nil if nothing is,
// or if it does not.
func badOffer(r *http.Request) error {
	if !websocket.IsOffered(r.Header) {
		return nil
	}
	return websocket.CheckOffer(r.Method, r.Header)
}

// otherProtocol says that e does not become what the client wants it to.
func otherProtocol(e *exchange) string {
	if e.answer.speaks == frames {
		return "it asks for no WebSocket, which it was in the recording"
	}
	return "it asks for a WebSocket, which it was not in the recording"
}

// webSocket plays a WebSocket, which the client has asked for in r.
func (p *player) webSocket(w http.ResponseWriter, r *http.Request) {
	var s *socket
	p.leave(w, func(ctx context.Context, conn net.Conn, in *typed) dialogue {
		s = &socket{player: p, offer: r.Header, conn: conn, in: in, silent: make(chan struct{})}
		s.talking, s.hush = context.WithCancel(ctx)
		_, _ = conn.Write(s.accepted()) // before a pong; who reads sees that the client has left
		return s
	})
	s.hush()
	if s.breach != nil {
		p.report.missed(p.missedFor(p.live, "what it sends breaks the rules of WebSockets: "+s.breach.Error()), p.now())
	}
}

// socket is a WebSocket, seen from the server. One goroutine listens, another speaks: what either of
// them sends is whole frames.
//
//	open ──► the recorded close was sent ──────────────► nothing is sent any more; the client's close is the end
//	  ├────► the client has closed ──► what came behind ► the recorded close, or the client's own, and the end
//	  └────► the client broke a rule ──► a close with the reason ► the end
type socket struct {
	*player
	offer   http.Header
	conn    net.Conn
	in      *typed
	talking context.Context // until the client has closed, or broken a rule
	hush    func()
	silent  chan struct{} // closed when nothing more can be read

	bye    []byte // what was in the client's close frame; for who has seen talking end
	breach error  // the rule that it broke; the same

	mu     sync.Mutex // of closed, and while a frame is sent
	closed bool       // a close frame was sent: nothing follows
}

// errClosed says that the client has closed the WebSocket.
var errClosed = errors.New("closed by the client")

// listen implements dialogue.
func (s *socket) listen(from *bufio.Reader, left func()) {
	r := websocket.Reader{Masked: true, UTF8: true, Most: maxMessage}
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if s.talking.Err() == nil { // what comes behind the end means nothing
			if over := r.Write(buf[:n], s.hear); over != nil {
				s.end(over)
			}
		}
		if err == nil {
			continue
		}
		s.in.add(nil, true)
		close(s.silent)
		awaitLeft(err, s.conn, left)
		return
	}
}

// hear takes what the client says.
func (s *socket) hear(p websocket.Part) error {
	switch p.Opcode {
	case wire.OpPing:
		_ = s.send(websocket.Append(nil, wire.OpPong, true, p.Data)) // who reads sees that the client has left
	case wire.OpPong:
	case wire.OpClose:
		if err := websocket.CheckClose(p.Data); err != nil {
			return err
		}
		s.bye = bytes.Clone(p.Data)
		return errClosed
	default:
		s.in.add(p.Data, false)
	}
	return nil
}

// end ends what the client says: it has closed, or broken a rule.
func (s *socket) end(why error) {
	var breach *websocket.Breach
	if errors.As(why, &breach) {
		s.breach = breach
		_ = s.send(websocket.Append(nil, wire.OpClose, true, websocket.ClosePayload(breach.Code, breach.Text)))
	}
	s.hush()
	s.in.add(nil, true)
}

// send sends a frame, unless a close frame was sent already.
func (s *socket) send(frame []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = isClose(frame)
	_, err := s.conn.Write(frame)
	return err
}

// speak implements dialogue. It waits until nothing more comes from the client, so that the last
// frame arrives.
func (s *socket) speak(ctx context.Context) error {
	err := s.say(s.talking, s.e.answer.pieces)
	if err == nil {
		err = s.over(s.talking)
	}
	if s.talking.Err() != nil && ctx.Err() == nil {
		err = s.answerClose(ctx)
	}
	if err == nil {
		err = halfClose(s.conn)
	}
	if err != nil {
		return err
	}
	select {
	case <-s.silent:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// say sends frames, each in its time.
func (s *socket) say(ctx context.Context, frames []piece) error {
	for _, f := range frames {
		if err := s.wait(ctx, &f, s.in); err != nil {
			return err
		}
		if ctx.Err() != nil { // the input that it waited for has ended
			return ctx.Err()
		}
		if err := s.send(f.data); err != nil {
			return err
		}
	}
	return nil
}

// over waits for the end of the connection.
func (s *socket) over(ctx context.Context) error {
	a := &s.e.answer
	if a.ends == stays {
		<-ctx.Done()
		return ctx.Err()
	}
	err := s.wait(ctx, &a.last, s.in)
	if err == nil && a.ends == cut {
		return io.ErrUnexpectedEOF
	}
	return err
}

// answerClose answers the client's close: with what came behind that in the recording, in the time in
// which it came, but without what else was waited for; and then with its own close, if there was none.
func (s *socket) answerClose(ctx context.Context) error {
	if s.breach != nil {
		return nil
	}
	all := s.e.answer.pieces
	if first := slices.IndexFunc(all, func(p piece) bool { return p.ended }); first >= 0 {
		s.pace.resume(s.e.answer.closed)
		if err := s.say(ctx, all[first:]); err != nil {
			return err
		}
	}
	return s.send(websocket.Append(nil, wire.OpClose, true, s.bye))
}

// accepted returns the head of the answer (RFC 6455, section 4.2.2): with the fields that were recorded,
// but without extensions, which are not spoken, and a protocol that this client does not offer.
func (s *socket) accepted() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n",
		websocket.Accept(s.offer.Get("Sec-WebSocket-Key")))
	for _, f := range s.e.answer.fields {
		switch name := strings.ToLower(f.Name); {
		case name == "sec-websocket-accept", name == "sec-websocket-extensions":
		case name == "sec-websocket-protocol" && !websocket.Offers(s.offer, f.Value):
		default:
			fmt.Fprintf(&b, "%s: %s\r\n", f.Name, oneLine.Replace(f.Value))
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
