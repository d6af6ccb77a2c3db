package decode

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// message is one side of an exchange: its body, or what followed an upgrade,
// while it goes by.
type message struct {
	body    *wire.Body // nil before and after it, and for an upgraded stream
	content content    // nil if nobody wants to know
	digest  hash.Hash  // of the body; nil if nobody wants it, or it cannot be told
	index   int        // messages sent
	kept    int        // bytes taken from the budget
	lost    bool       // bytes of the body were not captured
	done    bool

	spare memory
}

// memory is what a message can use again of one that was before it, with
// Options.Transient.
type memory struct {
	fields []wire.Field // of its head
	data   []byte       // kept of its body
	digest hash.Hash
}

// maxSpare is how many fields a message leaves memory for. It leaves maxOwn for
// data.
const maxSpare = 64

// leave returns what the next message can use of m's memory.
func (d *Conn) leave(m *message, b *wire.Body) memory {
	s := m.spare
	s.data = d.o.Budget.reuse(b.Data)
	if cap(s.fields) > maxSpare {
		s.fields = nil
	}
	return s
}

// startBody begins the body of h's message at the current offset.
func (d *Conn) startBody(h *half) {
	m := &h.ex.side[h.dir]
	m.body = &h.ex.bodies[h.dir]
	m.body.Meta = wire.Meta{Conn: d.conn, Exchange: h.ex.Exchange, Dir: h.dir, Off: h.off}
	m.body.Content = wire.KindBinary
	d.chooseContent(h, m)
	// JSON stays JSON; anything else may turn out to be binary.
	if d.o.Digest && (d.o.Messages || d.o.KeepBody > 0) && m.body.Content != wire.KindJSON {
		if m.spare.digest == nil {
			m.spare.digest = sha256.New()
		}
		m.digest = m.spare.digest
		m.digest.Reset()
	}
}

// feed moves n bytes of content from the window to h's message.
func (d *Conn) feed(h *half, n int) {
	m := &h.ex.side[h.dir]
	if m.body != nil {
		if h.decoding == nil {
			d.measure(m, h.win[:n])
		}
		d.onWire(h, m, n)
	}
	for n > 0 {
		k := h.seenTogether(n)
		at := origin{h.off, h.timeAt(h.off)}
		b := h.take(k)
		switch {
		case h.decoding != nil:
			h.decoding.write(d, h, at.t, b)
		case m.content != nil:
			m.content.write(d, h, at, b)
		}
		n -= k
	}
}

// frame moves n bytes of transfer coding: they belong to the body as it was
// sent, not to its content.
func (d *Conn) frame(h *half, n int) {
	d.onWire(h, &h.ex.side[h.dir], n)
	h.take(n)
}

func (d *Conn) onWire(h *half, m *message, n int) {
	if m.body.WireBytes == 0 {
		m.body.Start = h.timeAt(h.off)
	}
	m.body.WireBytes += int64(n)
	m.body.End = h.timeAt(h.off + int64(n) - 1)
}

// keepBody appends what fits the bounds of b to the kept beginning of the body.
func (d *Conn) keepBody(m *message, b []byte) {
	w := m.body
	if w.Truncated || !d.o.Messages && d.o.KeepBody == 0 {
		w.Truncated = true
		return
	}
	have := len(w.Data)
	n := min(len(b), Preview-have)
	if room := d.o.KeepBody - int64(have); room > int64(max(n, 0)) {
		want := int(min(room, int64(len(b))))
		if got := d.o.Budget.take(want); got > 0 {
			m.kept += got
			n = got
		}
	}
	n = max(n, 0)
	if w.Data == nil && n > 0 {
		w.Data, m.spare.data = m.spare.data, nil
	}
	w.Data = append(d.o.Budget.grow(w.Data, n, int(max(d.o.KeepBody, Preview)), d.o.Transient), b[:n]...)
	w.Truncated = n < len(b)
}

// endBody completes h's content and body, and sends the Body event.
func (d *Conn) endBody(h *half, m *message, complete bool) {
	if h.decoding != nil {
		h.decoding.close(d, h, complete)
		h.decoding = nil
	}
	d.closeContent(h, m)
	w := m.body
	if w == nil {
		return
	}
	m.body = nil
	if w.WireBytes == 0 {
		w.Start = h.timeAt(h.off)
		w.End = w.Start
	}
	w.Complete = complete && !m.lost
	if m.digest != nil && w.Complete && w.Content == wire.KindBinary && w.Bytes > 0 {
		w.Digest = "sha256:" + hex.EncodeToString(m.digest.Sum(nil))
	}
	d.emit(w)
}

// gap moves past n bytes of h's body that were not captured.
func (d *Conn) gap(h *half, n int64) {
	m := &h.ex.side[h.dir]
	if h.decoding != nil {
		h.decoding.giveUp(d, h)
	}
	d.closeContent(h, m)
	m.lost = true
	h.ex.State = wire.StatePartial
	h.left -= n
	h.skip(n)
}

// origin is where and when a byte was seen.
type origin struct {
	pos int64 // the offset; if it is fixed, its complement: one word more costs much
	t   time.Time
}

// fixedOrigin returns the origin of all bytes that came out of a content coding
// at time t: off is that of the body.
func fixedOrigin(off int64, t time.Time) origin { return origin{^off, t} }

// off returns the offset.
func (o origin) off() int64 { return max(o.pos, ^o.pos) }

// plus returns the origin of the nth byte after the one at o, seen with it.
func (o origin) plus(n int) origin {
	if o.pos >= 0 {
		o.pos += int64(n)
	}
	return o
}

// unit is one decoded thing, on its way to become a Message.
type unit struct {
	kind     wire.Kind
	opcode   byte   // of a WebSocket message
	from, to origin // of its first and last byte
	data     []byte
	size     int64
	missing  int64 // bytes of size that never came
	cut      bool  // data is not all of it, and never will be
	more     bool  // another piece of the same unit follows
}

// send emits u as a message of h's current exchange.
func (d *Conn) send(h *half, u unit) {
	m := &h.ex.side[h.dir]
	w := &d.message
	*w = wire.Message{
		Meta: wire.Meta{Conn: d.conn, Exchange: h.ex.Exchange, Dir: h.dir,
			Off: u.from.off(), Start: u.from.t, End: u.to.t},
		Kind: u.kind, Opcode: u.opcode, Index: m.index, Data: u.data, Size: u.size, Missing: u.missing, Truncated: u.cut,
	}
	if !u.more {
		m.index++
	}
	d.emit(w)
	w.Data = nil
}
