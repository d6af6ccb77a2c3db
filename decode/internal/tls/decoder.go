package tls

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// New returns a decoder of what the windows get, by direction. keys may be nil.
func New(windows *[2]window.Window, keys Keys, a *budget.Account, out Out) *Decoder {
	d := &Decoder{keys: keys, account: a, out: out}
	for dir := range d.halves {
		d.halves[dir] = half{dir: wire.Dir(dir), w: &windows[dir]}
	}
	return d
}

// Step lets a direction do one thing, and reports whether something was done: by the
// other direction if that has held a record for longer.
func (d *Decoder) Step(dir wire.Dir) bool {
	if d.later(dir) && d.step(dir.Other()) {
		return true
	}
	return d.step(dir)
}

// later reports whether a direction has held its next record for less long than the
// other one.
func (d *Decoder) later(dir wire.Dir) bool {
	h, o := &d.halves[dir], &d.halves[dir.Other()]
	if h.w.Len() == 0 || o.w.Len() == 0 {
		return false
	}
	if d.opaque {
		return o.w.TimeAt(o.w.Off()).Before(h.w.TimeAt(h.w.Off()))
	}
	r := o.peek()
	return r.whole && timeOf(o.w, r.size()).Before(h.w.TimeAt(h.w.Off()))
}

func (d *Decoder) step(dir wire.Dir) bool {
	h := &d.halves[dir]
	if h.w.Len() == 0 {
		return d.stepEnd(h)
	}
	if d.opaque || h.state == closed {
		d.out.Opaque(dir, h.w, h.w.Len())
		return true
	}
	switch h.state {
	case clear:
		return d.clear(h)
	case waits:
		return d.await(h)
	case sealed:
		return d.sealed(h)
	case torn:
		return d.mend(h)
	}
	return d.search(h)
}

// stepEnd tells the end of a direction, but not before what the other one holds.
func (d *Decoder) stepEnd(h *half) bool {
	if !h.w.Ended() || h.ended || h.silent {
		return false
	}
	if o := &d.halves[h.dir.Other()]; !d.told && !d.over && o.w.Len() > 0 {
		return false
	}
	d.now = h.w.Last()
	d.end(h)
	return true
}

// drive lets both directions do what they can.
func (d *Decoder) drive(dir wire.Dir) {
	for d.Step(dir.Other()) || d.Step(dir) {
	}
}

// hurry does what can be done without what was waited for.
func (d *Decoder) hurry(dir wire.Dir) {
	before := d.over
	d.over = true
	d.drive(dir)
	d.over = before
}

// Lost says that n bytes of a direction were not captured; n is negative if their
// number is not known. What is held before them waits no longer.
func (d *Decoder) Lost(dir wire.Dir, t time.Time, n int64) {
	h := &d.halves[dir]
	if r := h.peek(); r.whole || r.bad {
		d.hurry(dir)
	}
	if d.opaque {
		d.drive(dir)
		d.out.Lost(dir, t, max(n, -1))
		h.w.Skip(max(n, 0))
		return
	}
	d.gap = true
	d.lose(h, t, max(n, -1))
}

// Spent says that there is no memory for what a direction holds: nothing is waited for
// any more, and a record that is not whole is left out.
func (d *Decoder) Spent(dir wire.Dir) {
	d.over = true
	d.drive(dir)
	h := &d.halves[dir]
	if h.w.Len() == 0 || d.opaque {
		return
	}
	d.gap = true
	d.now = h.w.Last()
	r := h.peek()
	switch n := h.w.Len(); {
	case h.state == sealed && n >= headSize && !r.bad:
		d.account.Missed(n)
		d.tear(h, r.size()-n)
		h.w.Take(n)
	case h.state == searches:
		d.pass(h, n)
	default:
		d.giveUp("there is no memory to hold it")
	}
}

// Silence says that a direction has not ended in order.
func (d *Decoder) Silence(dir wire.Dir) { d.halves[dir].silent = true }

// End ends what is left.
func (d *Decoder) End() {
	d.over = true
	d.drive(wire.ToServer)
	if d.vain() {
		d.giveUp(wrongSecrets)
	}
	for i := range d.halves {
		if h := &d.halves[i]; h.pending {
			d.tellMissed(h, -1)
		}
		d.halves[i].messages.reset(d.account)
	}
	d.shook()
}

// Decrypted reports whether something of what was inside was read.
func (d *Decoder) Decrypted() bool { return d.halves[0].begun || d.halves[1].begun }
