package decode

import (
	"encoding/binary"
	"fmt"

	"github.com/socktrace/socktrace/wire"
)

// frameHeader is the size of the header that Docker puts before each piece of
// a container's output: the stream, three zero bytes, and the length as a
// big-endian number of 32 bits (Docker Engine API, ContainerAttach, "Stream
// format").
const frameHeader = 8

// maxPiece bounds what is kept of one frame: its length is whatever the
// traffic says, up to 4 GiB. A longer frame is sent in pieces.
const maxPiece = 64 << 10

// multiplexed splits a stream into frames of stdout and stderr.
type multiplexed struct {
	head  [frameHeader]byte
	nhead int
	kind  wire.Kind
	left  int64  // bytes of the frame that are still to come
	buf   []byte // what came of it, if it came in more than one piece
	from  origin // of the frame's header
	to    origin // of its last byte so far
}

func (x *multiplexed) write(d *Conn, h *half, at origin, b []byte) {
	for len(b) > 0 {
		if x.nhead < frameHeader {
			if x.nhead == 0 {
				x.from = at
			}
			n := copy(x.head[x.nhead:], b)
			x.nhead += n
			x.to = at.plus(n - 1)
			at, b = at.plus(n), b[n:]
			if x.nhead == frameHeader && !x.begin(d, h, at, b) {
				return
			}
			continue
		}
		n := int(min(int64(len(b)), x.left, int64(maxPiece-len(x.buf))))
		x.left -= int64(n)
		x.to = at.plus(n - 1)
		switch {
		case x.left > 0 && len(x.buf)+n < maxPiece:
			x.buf = append(x.buf, b[:n]...)
		case len(x.buf) > 0:
			x.buf = append(x.buf, b[:n]...)
			x.send(d, h, x.buf, false)
		default:
			x.send(d, h, b[:n], false)
		}
		at, b = at.plus(n), b[n:]
	}
}

// begin reads the header of a frame. It returns false if it is none: the rest
// of the stream, b, is then raw.
func (x *multiplexed) begin(d *Conn, h *half, at origin, b []byte) bool {
	kind, ok := frameKind(x.head[:])
	if !ok {
		d.anomaly(h, h.ex, x.from.off(), codeBadFrame, fmt.Sprintf("% x", x.head))
		p := newRaw(h)
		h.ex.side[h.dir].content = p
		p.write(d, h, x.from, x.head[:])
		if len(b) > 0 {
			p.write(d, h, at, b)
		}
		return false
	}
	x.kind = kind
	x.left = int64(binary.BigEndian.Uint32(x.head[4:]))
	if x.left == 0 {
		x.send(d, h, nil, false)
	}
	return true
}

// send emits a frame, or a piece of one.
func (x *multiplexed) send(d *Conn, h *half, data []byte, cut bool) {
	u := unit{kind: x.kind, from: x.from, to: x.to, data: data, size: int64(len(data)), cut: cut, more: x.left > 0 && !cut}
	if cut {
		u.size += x.left
		u.missing = x.left
	}
	d.send(h, u)
	x.buf = x.buf[:0]
	if x.left == 0 {
		x.nhead = 0
		if cap(x.buf) > maxOwn {
			x.buf = nil
		}
	}
}

func (x *multiplexed) close(d *Conn, h *half) {
	switch {
	case x.nhead == frameHeader:
		d.anomaly(h, h.ex, x.from.off(), codeIncomplete, fmt.Sprintf("the stream ended within a frame: %d bytes of it are missing", x.left))
		x.send(d, h, x.buf, true)
	case x.nhead > 0:
		d.anomaly(h, h.ex, x.from.off(), codeIncomplete, "the stream ended within a frame header")
		d.send(h, unit{kind: wire.KindRaw, from: x.from, to: x.to, data: x.head[:x.nhead], size: int64(x.nhead), cut: true})
	}
	x.nhead = 0
}

// frameKind returns what a frame's header says it is. b may be only the
// beginning of a header.
func frameKind(b []byte) (wire.Kind, bool) {
	for i := 1; i < min(len(b), 4); i++ {
		if b[i] != 0 {
			return 0, false
		}
	}
	switch b[0] {
	case 0:
		return wire.KindStdin, true
	case 1:
		return wire.KindStdout, true
	case 2:
		return wire.KindStderr, true
	case 3:
		return wire.KindSystemErr, true
	}
	return 0, false
}
