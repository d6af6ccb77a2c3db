package har

import (
	"fmt"
	"slices"

	"github.com/socktrace/socktrace/wire"
)

const (
	// maxPart bounds the messages of one exchange in memory, in bytes: beyond
	// it they are written, as a part of the exchange.
	maxPart = 1 << 20
	// maxPending is the same for all exchanges together: beyond it those are
	// written that have more than maxLittle.
	maxPending = 32 << 20
	maxLittle  = 4 << 10
	// maxProvisional bounds the entries of exchanges that are still open, which
	// are written again and again.
	maxProvisional = 64 << 10
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
	return entry{Exchange: x, conn: c, page: w.page(c), messages: &p.messages, eofs: p.eofs, source: w.o.Source}
}

// page returns the page of c's client, which has one from here on.
func (w *Writer) page(c *conn) string {
	if id := c.page.Load(); id != nil {
		return *id
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	id, added := w.pages.of(c.wire)
	w.dirty = w.dirty || added
	c.page.Store(&id)
	return id
}

// append writes an entry, which begins with a comma and a line feed, in the
// place of the provisional one of p.
func (w *Writer) append(p *pending, entry []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(p)
	if w.failed.Load() != nil {
		return
	}
	if size := w.doc.size() + int64(len(entry)+len(w.tail)); w.o.MaxSize > 0 && size > w.o.MaxSize && w.inFile > 0 && w.name != "" {
		if err := w.rotate(); err != nil {
			w.fail(err)
			return
		}
	}
	if w.inFile == 0 {
		entry = entry[1:] // without the comma
		w.dirty = w.dirty || len(w.opens) > 0
	}
	w.inFile++
	changed := w.dirty
	if changed {
		w.makeTail()
	}
	if err := w.doc.extend(entry, w.tail, changed); err != nil {
		w.inFile--
		w.fail(fmt.Errorf("har: %w", err))
		return
	}
	w.entries++
}

// rotate ends the file and begins the next.
func (w *Writer) rotate() error {
	if _, ok := w.doc.(*stream); ok {
		return nil
	}
	opens := w.opens
	w.opens = nil
	w.makeTail()
	if err := w.doc.finish(w.tail); err != nil {
		return fmt.Errorf("har: %w", err)
	}
	w.opens = opens
	return w.begin()
}

// makeTail makes what completes the document: provisional entries and pages.
// The time of a client's page is known only when it has one, so pages come
// last.
func (w *Writer) makeTail() {
	t := w.tail[:0]
	for i, p := range w.opens {
		b := p.provisional
		if i == 0 && w.inFile == 0 {
			b = b[1:]
		}
		t = append(t, b...)
	}
	t = append(t, "\n],"...)
	t = w.pages.append(t)
	w.tail = append(t, "}}\n"...)
	w.dirty = false
}

// drop takes the provisional entry of p out of the tail. w is locked.
func (w *Writer) drop(p *pending) {
	if p.provisional == nil {
		return
	}
	w.opens = slices.DeleteFunc(w.opens, func(o *pending) bool { return o == p })
	p.provisional = nil
	w.dirty = true
}

// forget is drop for what nothing more is written of.
func (w *Writer) forget(p *pending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(p)
}
