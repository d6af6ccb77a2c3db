package har

import (
	"iter"
	"time"

	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// refreshEvery is how often the provisional entries are brought up to date.
const refreshEvery = time.Second

// Tick has what is open for a while in the file, if that is one.
func (w *Writer) Tick(now time.Time, open iter.Seq[*wire.Exchange]) error {
	if since := now.Sub(w.refreshed); !w.whole || since >= 0 && since < refreshEvery {
		return nil
	}
	w.refreshed = now
	w.refresh(open)
	return w.failure()
}

// refresh brings the provisional entries up to date: of what was open the last
// time already. It waits until the file has caught up, if that hangs.
func (w *Writer) refresh(open iter.Seq[*wire.Exchange]) {
	if w.failed.Load() != nil || w.spool.Behind() {
		return
	}
	for x := range open {
		if x.Conn != nil {
			c := w.conn(x.Conn)
			w.provide(c, c.pending(x.Exchange), x)
		}
	}
	for _, c := range w.byID() {
		if o := c.outside.Load(); o != nil {
			o.mu.Lock()
			w.provide(c, &o.pending, &o.x)
			o.mu.Unlock()
		}
	}
	w.spool.Put(spool.Unit{}) // the tail alone
}

// provide makes a provisional entry of x, if it should have one and there is
// room. Messages for which there is none become a part.
func (w *Writer) provide(c *conn, p *pending, x *wire.Exchange) {
	p.ticks++
	if p.ticks < 2 || !p.changed || p.empty(x) {
		return
	}
	p.changed = false
	e := w.entryOf(c, p, x)
	if p.parts > 0 {
		e.part = p.parts + 1
	}
	if p.messages.size() < maxProvisional {
		o := newObject(",\n")
		o.entry(&e)
		if w.put(p, o.B) {
			return
		}
	}
	if p.messages.size() >= maxProvisional/2 {
		w.part(c, p, x)
	}
}

// put makes b the provisional entry of p, unless there is no room for it.
func (w *Writer) put(p *pending, b []byte) bool {
	at := p.provisional
	if at == nil {
		at = new(provisional)
	}
	if !w.out.put(at, b) {
		return false
	}
	p.provisional = at
	return true
}
