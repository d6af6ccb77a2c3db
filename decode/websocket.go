package decode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/socktrace/socktrace/wire"
)

// maxControl is the longest payload of a control frame (RFC 6455, section 5.5).
const maxControl = 125

// webSocket puts together the messages of one direction of a connection that
// was upgraded: fragments become one message, and control frames between them
// messages of their own. A message is sent when its last byte has come; what
// breaks the protocol makes the rest of the direction raw.
type webSocket struct {
	head   [14]byte
	nhead  int    // bytes of the frame's header that have come
	from   origin // of the header
	to     origin // of the last byte so far
	inside bool   // the header is complete
	frame  frame
	pos    int    // bytes of the payload that have come, modulo 4
	plain  []byte // payload without its mask

	data    wsMessage // its opcode is 0 between messages
	control wsMessage
	deflate *deflateExtension // nil if it was not agreed on
	told    bool              // wrong masks were reported
}

// frame is what the header of a frame says.
type frame struct {
	opcode byte
	last   bool // of its message: FIN
	masked bool
	key    [4]byte
	left   int64 // of its payload
}

// wsMessage is a message that is not complete yet.
type wsMessage struct {
	opcode   byte
	deflated bool
	from, to origin
	buf      []byte // its beginning
	size     int64
	full     bool // buf takes no more
}

// newWebSocket returns a decoder of direction dir of ex.
func newWebSocket(ex *exchange, dir wire.Dir) content {
	list, _ := joined(ex.Response.Fields, "Sec-WebSocket-Extensions")
	return &webSocket{deflate: agreedDeflate(list, dir)}
}

func (s *webSocket) write(d *Conn, h *half, at origin, b []byte) {
	for len(b) > 0 {
		var n int
		if s.inside {
			n = int(min(s.frame.left, int64(len(b))))
			if rest, err := s.payload(d, h, at, b[:n]); err != nil {
				s.giveUp(d, h, err, at.plus(n-rest), b[n-rest:])
				return
			}
		} else {
			n = s.header(at, b)
			if s.nhead == s.headerSize() {
				if err := s.begin(d, h); err != nil {
					s.giveUp(d, h, err, at.plus(n), b[n:])
					return
				}
			}
		}
		at, b = at.plus(n), b[n:]
		if s.inside && s.frame.left == 0 {
			if err := s.end(d, h); err != nil {
				s.giveUp(d, h, err, at, b)
				return
			}
		}
	}
}

// header takes bytes of a frame's header, and returns how many.
func (s *webSocket) header(at origin, b []byte) int {
	if s.nhead == 0 {
		s.from = at
	}
	n := 0
	for n < len(b) && s.nhead < s.headerSize() {
		s.head[s.nhead] = b[n]
		s.nhead++
		n++
	}
	s.to = at.plus(n - 1)
	return n
}

// headerSize returns how long the header is, as far as is known.
func (s *webSocket) headerSize() int {
	n := 2
	if s.nhead < n {
		return n
	}
	switch s.head[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if s.head[1]&0x80 != 0 {
		n += 4
	}
	return n
}

// begin reads the header of a frame.
func (s *webSocket) begin(d *Conn, h *half) error {
	f := frame{opcode: s.head[0] & 0x0f, last: s.head[0]&0x80 != 0, masked: s.head[1]&0x80 != 0}
	switch n := s.head[1] & 0x7f; n {
	case 126:
		f.left = int64(binary.BigEndian.Uint16(s.head[2:]))
	case 127:
		if s.head[2]&0x80 != 0 {
			return fmt.Errorf("a frame of more than %d bytes", int64(math.MaxInt64))
		}
		f.left = int64(binary.BigEndian.Uint64(s.head[2:]))
	default:
		f.left = int64(n)
	}
	deflated := s.head[0]&0x40 != 0
	if err := s.check(f, s.head[0]>>4&7, deflated); err != nil {
		return err
	}
	if f.masked {
		copy(f.key[:], s.head[s.nhead-4:])
	}
	if f.masked != (h.dir == wire.ToServer) && !s.told {
		// RFC 6455, section 5.1: the client masks, the server does not. Who
		// does otherwise is understood all the same.
		s.told = true
		detail := "frames to the client are masked"
		if h.dir == wire.ToServer {
			detail = "frames to the server are not masked"
		}
		d.anomaly(h, h.ex, s.from.off(), codeBadWebSocket, detail)
	}
	s.frame, s.inside, s.pos = f, true, 0
	if f.opcode != wire.OpContinuation {
		*s.message() = wsMessage{opcode: f.opcode, deflated: deflated, from: s.from, to: s.to, buf: s.message().buf}
	}
	return nil
}

// check returns what is wrong with a frame, if anything is.
func (s *webSocket) check(f frame, reserved byte, deflated bool) error {
	control := f.opcode >= wire.OpClose
	if deflated && s.deflate != nil && !control && f.opcode != wire.OpContinuation {
		reserved &^= 4 // RFC 7692, section 6: the first frame of a data message
	}
	switch {
	case reserved != 0:
		return fmt.Errorf("reserved bits %03b", reserved)
	case f.opcode > wire.OpPong, f.opcode > wire.OpBinary && !control:
		return fmt.Errorf("opcode %d", f.opcode)
	case control && !f.last:
		return fmt.Errorf("a control frame in fragments")
	case control && f.left > maxControl:
		return fmt.Errorf("a control frame of %d bytes", f.left)
	case f.opcode == wire.OpContinuation && s.data.opcode == 0:
		return fmt.Errorf("a continuation of nothing")
	case f.opcode != wire.OpContinuation && !control && s.data.opcode != 0:
		return fmt.Errorf("a message within another")
	}
	return nil
}

// message returns the one that the frame belongs to.
func (s *webSocket) message() *wsMessage {
	if s.frame.opcode >= wire.OpClose {
		return &s.control
	}
	return &s.data
}

// payload takes bytes of the frame's payload. If that fails, it returns how
// many of them were not looked at.
func (s *webSocket) payload(d *Conn, h *half, at origin, b []byte) (rest int, err error) {
	s.frame.left -= int64(len(b))
	s.to = at.plus(len(b) - 1)
	m := s.message()
	m.to = s.to
	b = s.unmask(b)
	if m.deflated {
		return s.deflate.write(d, h, m, b)
	}
	m.keep(d, b)
	return 0, nil
}

// unmask returns the payload as it is without its mask (RFC 6455, section 5.3).
func (s *webSocket) unmask(b []byte) []byte {
	if !s.frame.masked {
		return b
	}
	if cap(s.plain) > maxOwn {
		s.plain = nil
	}
	s.plain = append(s.plain[:0], b...)
	for i := range s.plain {
		s.plain[i] ^= s.frame.key[(s.pos+i)&3]
	}
	s.pos = (s.pos + len(b)) & 3
	return s.plain
}

// end is behind the last byte of a frame.
func (s *webSocket) end(d *Conn, h *half) error {
	m := s.message()
	s.nhead, s.inside = 0, false
	if m.to = s.to; !s.frame.last {
		return nil
	}
	if m.deflated {
		if err := s.deflate.end(d, h, m); err != nil {
			return err
		}
	}
	m.send(d, h, false)
	return nil
}

// giveUp reports what is wrong, and passes on the rest of the direction, from
// the frame's header if that is what is wrong, as raw bytes.
func (s *webSocket) giveUp(d *Conn, h *half, err error, at origin, b []byte) {
	if s.data.opcode != 0 {
		s.data.send(d, h, true)
	}
	d.stopCoders(h)
	code := codeBadWebSocket
	if errors.Is(err, errSpent) {
		code = codeNotDecoded
	}
	d.anomaly(h, h.ex, s.from.off(), code, err.Error())
	p := newRaw(h)
	h.ex.side[h.dir].content = p
	if !s.inside && s.nhead > 0 {
		p.write(d, h, s.from, s.head[:s.nhead])
	}
	if len(b) > 0 {
		p.write(d, h, at, b)
	}
}

func (s *webSocket) close(d *Conn, h *half) {
	detail := ""
	switch {
	case s.inside:
		detail = fmt.Sprintf("the stream ended within a frame: %d bytes of it are missing", s.frame.left)
	case s.nhead > 0:
		detail = "the stream ended within a frame header"
	case s.data.opcode != 0:
		detail = "the stream ended within a message in fragments"
	}
	if detail != "" && !d.stopped() {
		d.anomaly(h, h.ex, s.from.off(), codeIncomplete, detail)
	}
	for _, m := range []*wsMessage{&s.data, &s.control} {
		if m.opcode != 0 {
			m.send(d, h, true)
		}
	}
	if !s.inside && s.nhead > 0 {
		d.send(h, unit{kind: wire.KindRaw, from: s.from, to: s.to, data: s.head[:s.nhead], size: int64(s.nhead), cut: true})
	}
	d.stopCoders(h)
}

// keep appends to the message what the bounds allow of b.
func (m *wsMessage) keep(d *Conn, b []byte) {
	m.size += int64(len(b))
	n := min(len(b), d.o.maxMessage()-len(m.buf))
	if m.full || d.o.Budget.take(n) < n {
		m.full = true
		return
	}
	m.buf = append(m.buf, b[:n]...)
}

// send emits the message, and makes ready for the next. cut says that it is not
// complete.
func (m *wsMessage) send(d *Conn, h *half, cut bool) {
	d.send(h, unit{kind: wire.KindWebSocket, opcode: m.opcode, from: m.from, to: m.to,
		data: m.buf, size: m.size, cut: cut || int64(len(m.buf)) < m.size})
	d.o.Budget.give(len(m.buf))
	buf := m.buf[:0]
	if cap(buf) > maxOwn {
		buf = nil
	}
	*m = wsMessage{buf: buf}
}
