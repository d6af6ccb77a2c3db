package replay

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/wire"
)

// maxPieces is how many pieces of input are kept of an exchange; what is typed in a long
// session by hand is less.
const maxPieces = 1 << 16

// pieceBytes is what a piece of input takes besides what it holds, and inputBytes what an input
// takes, with its end.
const (
	pieceBytes = 64
	inputBytes = 256
)

// A Sink keeps a session with all that clients have sent in it. One goroutine at a time tells
// it events.
type Sink struct {
	*diff.Sink
	inputs map[Place]*input
	room   int   // bytes that may be kept of bodies and input
	body   int64 // of each body
}

// input is what a client has sent on a connection that has left HTTP.
type input struct {
	pieces   []piece
	received int64     // bytes that have come from the daemon so far
	last     time.Time // when something crossed
	cut      bool      // not all of it was kept
	socket   bool      // it is that of a WebSocket: pieces are messages, and the close frame
	closed   [2]bool   // that of the WebSocket has come, by direction
	odd      bool      // the WebSocket has what is no message
}

// piece is a part of an input.
type piece struct {
	at     time.Time
	after  int64         // bytes that had come from the daemon before
	pause  time.Duration // for which nothing had crossed before
	data   []byte        // nil: the client has ended its side, unless there is an opcode
	opcode byte          // of a message in a WebSocket; else 0
}

// ends reports whether a piece is the end of the client's side.
func (p *piece) ends() bool { return p.data == nil && p.opcode == 0 }

// silent returns an input without what was said in it: only its end is left.
func (in *input) silent() *input {
	if in == nil {
		return nil
	}
	quiet := *in
	quiet.pieces = slices.DeleteFunc(slices.Clone(in.pieces), func(p piece) bool { return !p.ends() && p.opcode != wire.OpClose })
	for i, p := range quiet.pieces {
		quiet.pieces[i].data = p.data[:min(len(p.data), codeBytes)]
	}
	return &quiet
}

// codeBytes is what is in a close frame before the reason (RFC 6455, section 5.5.1).
const codeBytes = 2

// NewSink returns a sink that keeps a session in so many bytes, and as many of what clients
// have sent; of each body so many.
func NewSink(name string, room int, body int64) *Sink {
	return &Sink{Sink: diff.NewSink(name, room, body), inputs: make(map[Place]*input), room: room, body: body}
}

// Needs is all that is said, and whole bodies.
func (s *Sink) Needs() wire.Needs {
	n := s.Sink.Needs()
	n.Body = s.body
	return n
}

// Event keeps what is sent.
func (s *Sink) Event(ev wire.Event, x *wire.Exchange) error {
	m := ev.EventMeta()
	if m.Conn == nil || m.Conn.Parent.Conn != nil {
		return s.Sink.Event(ev, x)
	}
	at := Place{m.Conn.ID, m.Exchange}
	switch ev := ev.(type) {
	case *wire.Upgrade:
		if s.room >= inputBytes {
			s.room -= inputBytes
			s.inputs[at] = &input{last: ev.End, socket: strings.EqualFold(ev.Protocol, "websocket")}
		}
	case *wire.Message:
		if in := s.inputs[at]; in != nil && !ev.Aside && (!in.socket || in.hears(ev)) {
			s.message(in, ev)
		}
	case *wire.EOF:
		if in := s.inputs[at]; in != nil && ev.Dir == wire.ToServer {
			in.add(piece{at: ev.End})
		}
	case *wire.Exchange:
		return s.Sink.Event(s.within(ev), x)
	}
	return s.Sink.Event(ev, x)
}

// message keeps a piece of input, and counts what comes from the daemon.
func (s *Sink) message(in *input, m *wire.Message) {
	if m.Dir == wire.ToClient {
		in.last = m.End
		in.received += m.Size
		if m.Kind.Framed() {
			in.received += wire.FrameHeader
		}
		return
	}
	if m.Truncated || m.Missing > 0 || len(m.Data)+pieceBytes > s.room || len(in.pieces) >= maxPieces {
		in.cut = true
		return
	}
	s.room -= len(m.Data) + pieceBytes
	in.add(piece{at: m.End, data: bytes.Clone(m.Data), opcode: m.Opcode})
}

// hears reports whether a message of a WebSocket matters. Pings and pongs do not, nor what the client
// says behind a close: what is pinged, and the daemon's close, are answered in any case.
func (in *input) hears(m *wire.Message) bool {
	switch {
	case m.Kind != wire.KindWebSocket:
		in.odd = true
		return false
	case m.Opcode > wire.OpClose, m.Dir == wire.ToServer && (in.closed[wire.ToServer] || in.closed[wire.ToClient]):
		return false
	}
	in.closed[m.Dir] = in.closed[m.Dir] || m.Opcode == wire.OpClose
	return true
}

// add adds a piece, behind what has crossed so far.
func (in *input) add(p piece) {
	p.after, p.pause = in.received, p.at.Sub(in.last)
	in.pieces = append(in.pieces, p)
	in.last = p.at
}

// within returns an exchange without what is in the body of its request, if there is no room
// for that. What is in the answer is not sent again.
func (s *Sink) within(x *wire.Exchange) *wire.Exchange {
	held := *x
	if b := x.ResponseBody; b != nil {
		held.ResponseBody = emptied(b)
	}
	if b := x.RequestBody; b != nil {
		if len(b.Data) > s.room {
			held.RequestBody = emptied(b)
		} else {
			s.room -= len(b.Data)
		}
	}
	return &held
}

// emptied returns a body without what is in it.
func emptied(b *wire.Body) *wire.Body {
	c := *b
	c.Truncated = c.Truncated || len(c.Data) > 0
	c.Data = nil
	return &c
}
