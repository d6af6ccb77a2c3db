package content

import (
	"encoding/binary"
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// prefixSize is the size of what stands before each message of gRPC: flags, and the
// length as a big-endian number (gRPC over HTTP2, "Length-Prefixed-Message").
const prefixSize = 5

// grpc decodes the messages of a call in one direction. Of a message it holds no more
// than is shown of it: its length is whatever the traffic says, up to 4 GiB.
type grpc struct {
	messages
	prefix   [prefixSize]byte
	nprefix  int
	size     int64        // of the message
	have     int64        // bytes that came of it
	buf      []byte       // these, if they came in more than one piece, and as far as they are kept
	full     bool         // buf takes no more
	decided  bool         // whether the rest of the message is needed
	from, to window.Place // of its first byte, with the prefix, and of its last one so far
}

// NewGRPC decodes messages with prefixes.
func NewGRPC(c Call, l Limits) Content {
	if c.Variant == GRPCWebText {
		c.Variant = GRPCWeb
		return newRecoded(media.Transfer("base64", media.Type{}), "", NewGRPC(c, l))
	}
	g, _ := c.Idle.get().(*grpc)
	if g == nil {
		g = new(grpc)
	}
	g.call, g.limits, g.files = c, l, newTransfer(c.Method.Name, c.Role, c.Wanted)
	return g
}

func (g *grpc) Write(out Out, at window.Place, b []byte) {
	for len(b) > 0 {
		if g.nprefix < prefixSize {
			n := g.begin(at, b)
			at, b = at.Plus(n), b[n:]
			if g.nprefix == prefixSize && !g.accept(out, at, b) {
				return
			}
			continue
		}
		n := int(min(int64(len(b)), g.size-g.have))
		g.to = at.Plus(n - 1)
		g.take(out, b[:n])
		at, b = at.Plus(n), b[n:]
	}
}

// begin takes bytes of a prefix, and returns how many.
func (g *grpc) begin(at window.Place, b []byte) int {
	if g.nprefix == 0 {
		g.from = at
	}
	n := copy(g.prefix[g.nprefix:], b)
	g.nprefix += n
	g.to = at.Plus(n - 1)
	return n
}

// accept looks at a prefix. It returns false if it is none: the rest of the body, b,
// is then raw.
func (g *grpc) accept(out Out, at window.Place, b []byte) bool {
	if g.prefix[0]&^(grpcCompressed|g.call.Variant.flags()) != 0 {
		if !g.call.Guessed {
			out.Anomaly(g.from.Off, anomaly.BadGRPC, fmt.Sprintf("% x", g.prefix))
		}
		g.tellFiles(out)
		out.Found(wire.KindBinary, "")
		raw := NewRaw()
		out.Become(raw)
		raw.Write(out, g.from, g.prefix[:])
		if len(b) > 0 {
			raw.Write(out, at, b)
		}
		return false
	}
	g.size, g.have, g.full, g.decided = int64(binary.BigEndian.Uint32(g.prefix[1:])), 0, false, false
	if g.size == 0 {
		g.message(out, nil)
	}
	return true
}

// take takes bytes of a message.
func (g *grpc) take(out Out, b []byte) {
	whole := g.have == 0 && int64(len(b)) == g.size
	g.have += int64(len(b))
	if whole {
		g.message(out, b)
		return
	}
	for len(b) > 0 && !g.full {
		b = b[g.hold(b):]
	}
	if g.have == g.size {
		g.message(out, g.buf)
	}
}

// lookAt is where it is decided whether the rest of a message is needed.
const lookAt = 2 << 10

// hold keeps bytes of a message, and returns how many: all that it ever will, or up to
// where it is known better.
func (g *grpc) hold(b []byte) int {
	most := g.most()
	if !g.decided {
		most = min(most, lookAt)
	}
	n := min(len(b), most-len(g.buf))
	if g.full = g.limits.Account.Take(n) < n; !g.full {
		g.buf = append(g.limits.Account.Grow(g.buf, n, most, true), b[:n]...)
	}
	if len(g.buf) == most {
		g.full = g.full || g.decided || most < lookAt || !g.needs(g.buf, g.size-int64(most), g.prefix[0])
		g.decided = true
	}
	return n
}

// message sends a message, of which b is what is kept.
func (g *grpc) message(out Out, b []byte) {
	u := Unit{Kind: wire.KindGRPC, From: g.from, To: g.to, Size: g.size, Missing: g.size - g.have}
	b = b[:min(len(b), g.most())]
	u.Cut = int64(len(b)) < g.size
	g.show(out, &u, g.prefix[0], b)
	out.Send(u)
	g.sent()
	if u.Kind == wire.KindGRPC && cap(u.Data) <= budget.MaxOwn {
		g.json = u.Data
	}
	if g.call.First {
		g.limits.Message = 0
	}
	g.limits.Account.Give(len(g.buf))
	if cap(g.buf) > budget.MaxOwn {
		g.limits.Account.Free(g.buf)
		g.buf = nil
	}
	g.buf, g.nprefix = g.buf[:0], 0
}

func (g *grpc) Close(out Out, how End) {
	switch {
	case g.nprefix == prefixSize:
		g.incomplete(out, how, "within a message: "+anomaly.Missing(g.size-g.have, "it"))
		g.message(out, g.buf)
	case g.nprefix > 0:
		g.incomplete(out, how, "before the length of a message")
		out.Send(Unit{Kind: wire.KindRaw, From: g.from, To: g.to, Data: g.prefix[:g.nprefix], Size: int64(g.nprefix), Cut: true})
	}
	g.nprefix = 0
	g.tellFiles(out)
	g.limits.Account.Free(g.buf)
	g.retire()
}

// incomplete reports that the body ended within a message, unless the reason is told
// elsewhere, or nobody wanted more.
func (g *grpc) incomplete(out Out, how End, where string) {
	if how != Cut && how != Enough {
		out.Anomaly(g.from.Off, anomaly.Incomplete, "the body ended "+where)
	}
}

// retire makes g as if it was new, but for a little memory, and leaves it to the next
// call.
func (g *grpc) retire() {
	idle, json := g.call.Idle, g.json[:0]
	if cap(json) > maxIdleJSON {
		json = nil
	}
	*g = grpc{messages: messages{json: json}}
	idle.put(g)
}

// tellFiles tells the sum of the files that have gone by.
func (g *grpc) tellFiles(out Out) {
	if g.files != nil {
		g.files.tell(out)
	}
}
