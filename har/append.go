package har

import (
	"fmt"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

const (
	// maxPart bounds the messages of one exchange in memory, in bytes: beyond
	// it they are written, as a part of the exchange.
	maxPart = 1 << 20
	// maxPending is the same for all exchanges together.
	maxPending = 32 << 20
	// maxProvisional bounds the entries of exchanges that are still open, which
	// are written again and again.
	maxProvisional = 64 << 10
)

// part writes the messages of x so far as an entry of its own. c is locked.
func (w *Writer) part(c *conn, x *exchange) {
	w.write(c, x, x.soFar(c.wire), nil, true)
}

// entry writes all that is left of x, which ends. c is locked.
func (w *Writer) entry(c *conn, x *exchange, ev *wire.Exchange, closed *wire.Close) {
	w.write(c, x, ev, closed, false)
}

// write encodes ev with the messages of x, and appends it. More follows of x
// if it is only a part.
func (w *Writer) write(c *conn, x *exchange, ev *wire.Exchange, closed *wire.Close, more bool) {
	o := w.buffers.Get().(*object)
	o.B = append(o.B[:0], ",\n"...)
	e := entry{Exchange: ev, conn: c, messages: &x.messages, eofs: x.eofs, source: w.o.Source, closed: closed}
	if more || x.parts > 0 {
		e.part = x.parts + 1
	}
	w.page(c)
	o.entry(&e)
	w.append(x, o.B)
	if cap(o.B) <= maxPart {
		w.buffers.Put(o)
	}
	w.pending.Add(-int64(x.messages.pending()))
	x.messages.forget()
	x.parts++
}

// page gives c the page of its client. c is locked.
func (w *Writer) page(c *conn) {
	if c.page != "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var added bool
	c.page, added = w.pages.of(c.wire)
	w.dirty = w.dirty || added
}

// append writes an entry, which begins with a comma and a line feed, in the
// place of the provisional one of x.
func (w *Writer) append(x *exchange, entry []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(x)
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
	for i, x := range w.opens {
		p := x.provisional
		if i == 0 && w.inFile == 0 {
			p = p[1:]
		}
		t = append(t, p...)
	}
	t = append(t, "\n],"...)
	t = w.pages.append(t)
	w.tail = append(t, "}}\n"...)
	w.dirty = false
}

// drop takes the provisional entry of x out of the tail. w is locked.
func (w *Writer) drop(x *exchange) {
	if x.provisional == nil {
		return
	}
	w.opens = slices.DeleteFunc(w.opens, func(o *exchange) bool { return o == x })
	x.provisional = nil
	w.dirty = true
}

// forget is drop for an exchange that nothing more is written of.
func (w *Writer) forget(x *exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop(x)
}

// byID returns the open connections, oldest first.
func (w *Writer) byID() []*conn {
	var all []*conn
	w.conns.Range(func(_, c any) bool {
		all = append(all, c.(*conn))
		return true
	})
	slices.SortFunc(all, func(a, b *conn) int { return a.wire.ID - b.wire.ID })
	return all
}

// refreshUntilStopped is the goroutine of a Writer. Close ends it.
func (w *Writer) refreshUntilStopped(every time.Duration) {
	defer close(w.stopped)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-ticker.C:
			w.refresh()
		}
	}
}

// refresh brings the provisional entries up to date: of what was open a tick
// ago already.
func (w *Writer) refresh() {
	if w.failed.Load() != nil {
		return
	}
	for _, c := range w.byID() {
		c.mu.Lock()
		for _, x := range c.open {
			w.provide(c, x)
		}
		w.provide(c, &c.outside)
		c.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.dirty || w.failed.Load() != nil {
		return
	}
	w.makeTail()
	if err := w.doc.extend(nil, w.tail, true); err != nil {
		w.fail(fmt.Errorf("har: %w", err))
	}
}

// provide makes a provisional entry of x, if it should have one and there is
// room. Messages for which there is none become a part. c is locked.
func (w *Writer) provide(c *conn, x *exchange) {
	x.ticks++
	if x.ticks < 2 || !x.changed || x.empty() {
		return
	}
	x.changed = false
	w.page(c)
	e := entry{Exchange: x.soFar(c.wire), conn: c, messages: &x.messages, eofs: x.eofs, source: w.o.Source}
	if x.parts > 0 {
		e.part = x.parts + 1
	}
	if x.messages.pending() < maxProvisional {
		o := newObject(",\n")
		o.entry(&e)
		if w.put(x, o.B) {
			return
		}
	}
	if x.messages.pending() >= maxProvisional/2 {
		w.part(c, x)
	}
}

// put makes b the provisional entry of x, unless there is no room for it.
func (w *Writer) put(x *exchange, b []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	room := maxProvisional
	for _, o := range w.opens {
		if o != x {
			room -= len(o.provisional)
		}
	}
	if len(b) > room {
		return false
	}
	if x.provisional == nil {
		w.opens = append(w.opens, x)
	}
	x.provisional = b
	w.dirty = true
	return true
}
