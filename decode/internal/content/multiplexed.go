package content

import (
	"encoding/binary"
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// frameHeader is the size of the header of a frame.
const frameHeader = wire.FrameHeader

// maxPiece bounds what is kept of one frame: its length is whatever the
// traffic says, up to 4 GiB. A longer frame is sent in pieces.
const maxPiece = 64 << 10

// multiplexed splits a stream into frames of stdout and stderr.
type multiplexed struct {
	sizes   bool    // only these are asked for
	inner   *Framed // not nil: standard output may carry a connection
	account *budget.Account
	head    [frameHeader]byte
	nhead   int
	kind    wire.Kind
	left    int64        // bytes of the frame that are still to come
	have    int          // bytes that came of it, or of this piece of it
	buf     []byte       // these, if they came in more than one piece
	full    bool         // buf takes no more of them
	from    window.Place // of the frame's header
	to      window.Place // of its last byte so far
}

// newMultiplexed decodes the output of a container without a terminal. inner, if it is
// not nil, is offered what comes on standard output.
func newMultiplexed(l Limits, inner *Framed) Content {
	return &multiplexed{sizes: l.Message == 0, account: l.Account, inner: inner}
}

func (x *multiplexed) Write(out Out, at window.Place, b []byte) {
	for len(b) > 0 {
		if x.nhead < frameHeader {
			n := x.header(at, b)
			at, b = at.Plus(n), b[n:]
			if x.nhead == frameHeader && !x.begin(out, at, b) {
				return
			}
			continue
		}
		n := int(min(int64(len(b)), x.left, int64(maxPiece-x.have)))
		if x.inner != nil && x.kind == wire.KindStdout && !x.inner.refused() {
			n = x.pass(out, at, b[:n])
		} else {
			x.to = at.Plus(n - 1)
			x.payload(out, b[:n])
		}
		at, b = at.Plus(n), b[n:]
	}
}

// header takes bytes of a frame's header, and returns how many.
func (x *multiplexed) header(at window.Place, b []byte) int {
	if x.nhead == 0 {
		x.from = at
	}
	n := copy(x.head[x.nhead:], b)
	x.nhead += n
	x.to = at.Plus(n - 1)
	return n
}

// begin reads the header of a frame. It returns false if it is none: the rest
// of the stream, b, is then raw.
func (x *multiplexed) begin(out Out, at window.Place, b []byte) bool {
	kind, ok := wire.FrameKind(x.head[:])
	if !ok {
		out.Anomaly(x.from.Off, anomaly.BadFrame, fmt.Sprintf("% x", x.head))
		raw := NewRaw()
		out.Become(raw)
		raw.Write(out, x.from, x.head[:])
		if len(b) > 0 {
			raw.Write(out, at, b)
		}
		return false
	}
	x.kind = kind
	x.left = int64(binary.BigEndian.Uint32(x.head[4:]))
	if x.left == 0 {
		x.send(out, nil, false)
	}
	return true
}

// pass gives bytes of standard output to the connection inside, if there is one, and
// returns how many.
func (x *multiplexed) pass(out Out, at window.Place, b []byte) int {
	f := x.inner
	if !f.inside() {
		b = b[:min(len(b), f.wants())]
	}
	x.left -= int64(len(b))
	switch first := f.offer(out, at, b, x.left == 0); {
	case first != nil: // it belongs to the frame
		x.left += int64(len(first))
		x.to = at.Plus(len(b) - 1)
		x.payload(out, first)
	case x.left == 0:
		x.nhead = 0
	}
	return len(b)
}

// payload takes bytes of a frame, which fit the piece.
func (x *multiplexed) payload(out Out, b []byte) {
	x.left -= int64(len(b))
	whole := x.left == 0 || x.have+len(b) == maxPiece
	if whole && x.have == 0 {
		x.have = len(b)
		x.send(out, b, false)
		return
	}
	x.have += len(b)
	x.full = x.full || !x.sizes && x.account.Take(len(b)) < len(b)
	if !x.sizes && !x.full {
		x.buf = append(x.buf, b...)
	}
	if whole {
		x.send(out, x.buf, false)
	}
}

// send sends a frame, or a piece of one.
func (x *multiplexed) send(out Out, data []byte, cut bool) {
	u := Unit{Kind: x.kind, From: x.from, To: x.to, Data: data, Size: int64(x.have), Cut: cut || x.full, More: x.left > 0 && !cut}
	if cut {
		u.Size += x.left
		u.Missing = x.left
	}
	out.Send(u)
	x.account.Give(len(x.buf))
	x.buf, x.have, x.full = x.buf[:0], 0, false
	if x.left == 0 {
		x.nhead = 0
		if cap(x.buf) > budget.MaxOwn {
			x.buf = nil
		}
	}
}

func (x *multiplexed) Close(out Out, how End) {
	nested := false
	if f := x.inner; f != nil {
		defer f.close(out, how)
		if first := f.end(out); len(first) > 0 {
			x.left += int64(len(first))
			x.payload(out, first)
		}
		nested = f.inside() && x.kind == wire.KindStdout
	}
	switch {
	case x.nhead == frameHeader:
		out.Anomaly(x.from.Off, anomaly.Incomplete, "the stream ended within a frame: "+anomaly.Missing(int64(x.left), "it"))
		if !nested {
			x.send(out, x.buf, true)
		}
	case x.nhead > 0:
		out.Anomaly(x.from.Off, anomaly.Incomplete, "the stream ended within a frame header")
		out.Send(Unit{Kind: wire.KindRaw, From: x.from, To: x.to, Data: x.head[:x.nhead], Size: int64(x.nhead), Cut: true})
	}
	x.nhead = 0
}

func isFrame(b []byte) bool {
	_, ok := wire.FrameKind(b)
	return ok
}
