package har

import (
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxPart bounds the messages of one exchange in memory, in bytes: beyond
	// it they are written, as a part of the exchange.
	maxPart = 1 << 20
	// maxPending is the usual Options.Pending. Beyond half of that those are
	// written that have more than maxLittle.
	maxPending = 32 << 20
	maxLittle  = 4 << 10
	// maxProvisional bounds the entries of exchanges that are still open, which
	// are written again and again.
	maxProvisional = 64 << 10
	// maxWriting is how many entries are made at once: each takes memory until
	// it is in the file. One whose write hangs holds one place.
	maxWriting = 8
)

// part writes what waits of x, which goes on, as an entry of its own.
func (w *Writer) part(c *conn, p *pending, x *wire.Exchange) { w.write(c, p, x, nil, true) }

// entry writes all that is left of x, which ends.
func (w *Writer) entry(c *conn, p *pending, x *wire.Exchange, closed *wire.Close) {
	w.write(c, p, x, closed, false)
}

// write encodes x with what waits of it, and appends it. More follows if it is
// only a part.
func (w *Writer) write(c *conn, p *pending, x *wire.Exchange, closed *wire.Close, more bool) {
	w.writing <- struct{}{}
	defer func() { <-w.writing }()
	o := w.buffers.Get().(*object)
	o.B = append(o.B[:0], ",\n"...)
	e := w.entryOf(c, p, x)
	e.closed = closed
	if more || p.parts > 0 {
		e.part = p.parts + 1
	}
	o.entry(&e)
	w.append(p, o.B)
	if cap(o.B) <= maxPart {
		w.buffers.Put(o)
	}
	w.waiting.Add(-int64(p.messages.size()))
	p.messages.forget()
	if more {
		p.messages.records, p.messages.data = nil, nil // there may be many that go on
	}
	p.parts++
}

// entryOf returns the entry of x, with what waits of it.
func (w *Writer) entryOf(c *conn, p *pending, x *wire.Exchange) entry {
	return entry{Exchange: x, conn: c, page: w.page(c), messages: &p.messages, eofs: p.eofs}
}

// page returns the page of c's client, which has one from here on.
func (w *Writer) page(c *conn) string {
	if id := c.page.Load(); id != nil {
		return *id
	}
	id := w.out.page(c.wire)
	c.page.Store(&id)
	return id
}

// append writes an entry, which begins with a comma and a line feed, in the
// place of the provisional one of p.
func (w *Writer) append(p *pending, entry []byte) {
	at := p.provisional
	p.provisional = nil
	if !w.spool.Put(spool.Unit{Data: entry, N: 1, Of: at}) {
		w.out.drop(at)
	}
}

// forget takes the provisional entry of p out of the file: nothing more is
// written of it.
func (w *Writer) forget(p *pending) {
	w.out.drop(p.provisional)
	p.provisional = nil
}
