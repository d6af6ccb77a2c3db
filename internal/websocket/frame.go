package websocket

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/socktrace/socktrace/wire"
)

// MaxControl is the longest payload of a control frame (RFC 6455, section 5.5).
const MaxControl = 125

// Head is the header of a WebSocket frame, as far as it has come (RFC 6455,
// section 5.2).
type Head struct {
	b [14]byte
	n int
}

// Bytes returns what has come of it, until more is taken.
func (h *Head) Bytes() []byte { return h.b[:h.n] }

// Begun reports whether there is anything of it.
func (h *Head) Begun() bool { return h.n > 0 }

// Reset makes ready for the next.
func (h *Head) Reset() { h.n = 0 }

// Take takes what belongs to the header, and returns how much that is.
func (h *Head) Take(b []byte) int {
	n := 0
	for n < len(b) && !h.Complete() {
		h.b[h.n] = b[n]
		h.n++
		n++
	}
	return n
}

// Complete reports whether all of it is there.
func (h *Head) Complete() bool { return h.n == h.size() }

// size returns how long the header is, as far as is known.
func (h *Head) size() int {
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

// Frame is what the header of a frame says.
type Frame struct {
	Opcode   byte
	Last     bool // of its message: FIN
	Reserved byte // RSV1 to RSV3
	Masked   bool
	Key      [4]byte
	Left     int64 // of its payload
}

// Parse reads a complete header.
func (h *Head) Parse() (Frame, error) {
	f := Frame{Opcode: h.b[0] & 0x0f, Last: h.b[0]&0x80 != 0, Reserved: h.b[0] >> 4 & 7, Masked: h.b[1]&0x80 != 0}
	switch n := h.b[1] & 0x7f; n {
	case 126:
		f.Left = int64(binary.BigEndian.Uint16(h.b[2:]))
	case 127:
		if h.b[2]&0x80 != 0 {
			return f, fmt.Errorf("a frame of more than %d bytes", int64(math.MaxInt64))
		}
		f.Left = int64(binary.BigEndian.Uint64(h.b[2:]))
	default:
		f.Left = int64(n)
	}
	if f.Masked {
		copy(f.Key[:], h.b[h.n-4:])
	}
	return f, nil
}

// Control reports whether it is a control frame.
func (f Frame) Control() bool { return f.Opcode >= wire.OpClose }

// Deflated reports whether the message that begins with it is compressed (RFC
// 7692, section 6).
func (f Frame) Deflated() bool { return f.Reserved&4 != 0 }

// Mask takes the mask off b, or puts it on: payload of which pos bytes came before (RFC 6455, section
// 5.3).
func (f *Frame) Mask(b []byte, pos int) {
	if !f.Masked {
		return
	}
	for i := range b {
		b[i] ^= f.Key[(pos+i)&3]
	}
}

// Check returns what is wrong with a frame, if anything is: within says that a
// message in fragments has begun, deflate that compression was agreed on.
func (f Frame) Check(within, deflate bool) error {
	reserved := f.Reserved
	if deflate && !f.Control() && f.Opcode != wire.OpContinuation {
		reserved &^= 4 // RFC 7692, section 6: the first frame of a data message
	}
	switch {
	case reserved != 0:
		return fmt.Errorf("reserved bits %03b", reserved)
	case f.Opcode > wire.OpPong, f.Opcode > wire.OpBinary && !f.Control():
		return fmt.Errorf("opcode %d", f.Opcode)
	case f.Control() && !f.Last:
		return fmt.Errorf("a control frame in fragments")
	case f.Control() && f.Left > MaxControl:
		return fmt.Errorf("a control frame of %d bytes", f.Left)
	case f.Opcode == wire.OpContinuation && !within:
		return fmt.Errorf("a continuation of nothing")
	case f.Opcode != wire.OpContinuation && !f.Control() && within:
		return fmt.Errorf("a message within another")
	}
	return nil
}
