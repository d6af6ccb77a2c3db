package content

import (
	"errors"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// webSocket puts together the messages of one direction of a connection that
// was upgraded: fragments become one message, and control frames between them
// messages of their own. A message is sent when its last byte has come; what
// breaks the protocol makes the rest of the direction raw.
type webSocket struct {
	limits Limits
	dir    wire.Dir
	head   websocket.Head
	from   window.Place // of the header
	to     window.Place // of the last byte so far
	inside bool         // the header is complete
	frame  websocket.Frame
	pos    int    // bytes of the payload that have come, modulo 4
	plain  []byte // payload without its mask

	data     assembly    // its opcode is 0 between messages
	control  assembly    // the same
	deflate  *perMessage // nil if it was not agreed on
	channels *channels   // the same
	told     bool        // wrong masks were reported
}

// NewWebSocket decodes direction dir of a WebSocket. extensions and protocol are
// what was agreed on, as in Sec-WebSocket-Extensions and Sec-WebSocket-Protocol (RFC
// 6455, sections 9.1 and 1.9).
func NewWebSocket(l Limits, dir wire.Dir, extensions, protocol string) Content {
	s := &webSocket{limits: l, dir: dir, deflate: agreedDeflate(extensions, dir, l.Account), channels: agreedChannels(protocol)}
	if s.channels != nil && l.Message == 0 {
		s.limits.Message = minChannel
	}
	return s
}

func (s *webSocket) Write(out Out, at window.Place, b []byte) {
	for len(b) > 0 {
		n, err := s.step(out, at, b)
		at, b = at.Plus(n), b[n:]
		if err == nil && s.inside && s.frame.Left == 0 {
			err = s.end(out)
		}
		if err != nil {
			s.giveUp(out, err, at, b)
			return
		}
	}
}

// step takes bytes of a frame's header, or of its payload, and returns how
// many.
func (s *webSocket) step(out Out, at window.Place, b []byte) (int, error) {
	if s.inside {
		n := int(min(s.frame.Left, int64(len(b))))
		rest, err := s.payload(at, b[:n])
		if cap(s.plain) > budget.MaxOwn {
			s.plain = nil
		}
		return n - rest, err
	}
	if !s.head.Begun() {
		s.from = at
	}
	n := s.head.Take(b)
	s.to = at.Plus(n - 1)
	if !s.head.Complete() {
		return n, nil
	}
	return n, s.begin(out)
}

// begin reads the header of a frame.
func (s *webSocket) begin(out Out) error {
	f, err := s.head.Parse()
	if err != nil {
		return err
	}
	if err := f.Check(s.data.opcode != 0, s.deflate != nil); err != nil {
		return err
	}
	if f.Masked != (s.dir == wire.ToServer) && !s.told {
		// RFC 6455, section 5.1: the client masks, the server does not. Who
		// does otherwise is understood all the same.
		s.told = true
		detail := "frames to the client are masked"
		if s.dir == wire.ToServer {
			detail = "frames to the server are not masked"
		}
		out.Anomaly(s.from.Off, anomaly.BadWebSocket, detail)
	}
	s.frame, s.inside, s.pos = f, true, 0
	if f.Opcode != wire.OpContinuation {
		*s.message() = assembly{opcode: f.Opcode, deflated: f.Deflated(), from: s.from, to: s.to, buf: s.message().buf}
	}
	return nil
}

// message returns the one that the frame belongs to.
func (s *webSocket) message() *assembly {
	if s.frame.Control() {
		return &s.control
	}
	return &s.data
}

// payload takes bytes of the frame's payload. If that fails, it returns how
// many of them were not looked at.
func (s *webSocket) payload(at window.Place, b []byte) (rest int, err error) {
	s.frame.Left -= int64(len(b))
	s.to = at.Plus(len(b) - 1)
	m := s.message()
	m.to = s.to
	b = s.unmask(b)
	if m.deflated {
		return s.deflate.write(b, func(p []byte) { m.keep(s.limits, p) })
	}
	m.keep(s.limits, b)
	return 0, nil
}

// unmask returns the payload as it is without its mask (RFC 6455, section 5.3).
func (s *webSocket) unmask(b []byte) []byte {
	if !s.frame.Masked {
		return b
	}
	s.plain = append(s.plain[:0], b...)
	s.frame.Mask(s.plain, s.pos)
	s.pos = (s.pos + len(b)) & 3
	return s.plain
}

// end is behind the last byte of a frame.
func (s *webSocket) end(out Out) error {
	m := s.message()
	s.inside = false
	s.head.Reset()
	if m.to = s.to; !s.frame.Last {
		return nil
	}
	if m.deflated {
		if err := s.deflate.end(func(p []byte) { m.keep(s.limits, p) }); err != nil {
			return err
		}
	}
	s.send(out, m, false)
	return nil
}

// giveUp reports what is wrong, and passes on the rest of the direction, from
// the frame's header if that is what is wrong, as raw bytes.
func (s *webSocket) giveUp(out Out, err error, at window.Place, b []byte) {
	if s.data.opcode != 0 {
		s.send(out, &s.data, true)
	}
	s.deflate.stop()
	code := anomaly.BadWebSocket
	if errors.Is(err, coding.ErrSpent) {
		code = anomaly.NotDecoded
	}
	out.Anomaly(s.from.Off, code, err.Error())
	raw := NewRaw()
	out.Become(raw)
	if !s.inside && s.head.Begun() {
		raw.Write(out, s.from, s.head.Bytes())
	}
	if len(b) > 0 {
		raw.Write(out, at, b)
	}
}

func (s *webSocket) Close(out Out, how End) {
	if detail := s.missing(); detail != "" && how != Stopped {
		out.Anomaly(s.from.Off, anomaly.Incomplete, detail)
	}
	for _, m := range []*assembly{&s.data, &s.control} {
		if m.opcode != 0 {
			s.send(out, m, true)
		}
	}
	if !s.inside && s.head.Begun() {
		b := s.head.Bytes()
		out.Send(Unit{Kind: wire.KindRaw, From: s.from, To: s.to, Data: b, Size: int64(len(b)), Cut: true})
	}
	s.deflate.stop()
}

// missing says what the stream ends within; nothing if it ends between messages.
func (s *webSocket) missing() string {
	switch {
	case s.inside:
		return "the stream ended within a frame: " + anomaly.Missing(int64(s.frame.Left), "it")
	case s.head.Begun():
		return "the stream ended within a frame header"
	case s.data.opcode != 0:
		return "the stream ended within a message in fragments"
	}
	return ""
}

// assembly is a message that is not complete yet.
type assembly struct {
	opcode   byte
	deflated bool
	from, to window.Place
	buf      []byte // its beginning
	size     int64
	full     bool // buf takes no more
}

// keep appends to the message what the bounds allow of b.
func (m *assembly) keep(l Limits, b []byte) {
	m.size += int64(len(b))
	n := min(len(b), l.Message-len(m.buf))
	if m.full || l.Account.Take(n) < n {
		m.full = true
		return
	}
	m.buf = append(m.buf, b[:n]...)
}

// send sends the message m, and makes ready for the next. cut says that it is not
// complete.
func (s *webSocket) send(out Out, m *assembly, cut bool) {
	out.Send(s.channels.tell(Unit{Kind: wire.KindWebSocket, Opcode: m.opcode, From: m.from, To: m.to,
		Data: m.buf, Size: m.size, Cut: cut || int64(len(m.buf)) < m.size}))
	m.reset(s.limits)
}

// reset makes ready for the next message.
func (m *assembly) reset(l Limits) {
	l.Account.Give(len(m.buf))
	buf := m.buf[:0]
	if cap(buf) > budget.MaxOwn {
		buf = nil
	}
	*m = assembly{buf: buf}
}
