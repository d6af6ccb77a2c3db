package content

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/socktrace/socktrace/wire"
)

// maxControl is the longest payload of a control frame (RFC 6455, section 5.5).
const maxControl = 125

// frameHead is the header of a WebSocket frame, as far as it has come (RFC 6455,
// section 5.2).
type frameHead struct {
	b [14]byte
	n int
}

func (h *frameHead) bytes() []byte { return h.b[:h.n] }

// take takes what belongs to the header, and returns how much that is.
func (h *frameHead) take(b []byte) int {
	n := 0
	for n < len(b) && !h.complete() {
		h.b[h.n] = b[n]
		h.n++
		n++
	}
	return n
}

func (h *frameHead) complete() bool { return h.n == h.size() }

// size returns how long the header is, as far as is known.
func (h *frameHead) size() int {
	n := 2
	if h.n < n {
		return n
	}
	switch h.b[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if h.b[1]&0x80 != 0 {
		n += 4
	}
	return n
}

// frame is what the header of a frame says.
type frame struct {
	opcode   byte
	last     bool // of its message: FIN
	reserved byte // RSV1 to RSV3
	masked   bool
	key      [4]byte
	left     int64 // of its payload
}

// parse reads a complete header.
func (h *frameHead) parse() (frame, error) {
	f := frame{opcode: h.b[0] & 0x0f, last: h.b[0]&0x80 != 0, reserved: h.b[0] >> 4 & 7, masked: h.b[1]&0x80 != 0}
	switch n := h.b[1] & 0x7f; n {
	case 126:
		f.left = int64(binary.BigEndian.Uint16(h.b[2:]))
	case 127:
		if h.b[2]&0x80 != 0 {
			return f, fmt.Errorf("a frame of more than %d bytes", int64(math.MaxInt64))
		}
		f.left = int64(binary.BigEndian.Uint64(h.b[2:]))
	default:
		f.left = int64(n)
	}
	if f.masked {
		copy(f.key[:], h.b[h.n-4:])
	}
	return f, nil
}

// control reports whether it is a control frame.
func (f frame) control() bool { return f.opcode >= wire.OpClose }

// deflated reports whether the message that begins with it is compressed (RFC
// 7692, section 6).
func (f frame) deflated() bool { return f.reserved&4 != 0 }

// check returns what is wrong with a frame, if anything is: within says that a
// message in fragments has begun, deflate that compression was agreed on.
func (f frame) check(within, deflate bool) error {
	reserved := f.reserved
	if deflate && !f.control() && f.opcode != wire.OpContinuation {
		reserved &^= 4 // RFC 7692, section 6: the first frame of a data message
	}
	switch {
	case reserved != 0:
		return fmt.Errorf("reserved bits %03b", reserved)
	case f.opcode > wire.OpPong, f.opcode > wire.OpBinary && !f.control():
		return fmt.Errorf("opcode %d", f.opcode)
	case f.control() && !f.last:
		return fmt.Errorf("a control frame in fragments")
	case f.control() && f.left > maxControl:
		return fmt.Errorf("a control frame of %d bytes", f.left)
	case f.opcode == wire.OpContinuation && !within:
		return fmt.Errorf("a continuation of nothing")
	case f.opcode != wire.OpContinuation && !f.control() && within:
		return fmt.Errorf("a message within another")
	}
	return nil
}
