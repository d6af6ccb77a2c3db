package flow

import (
	"iter"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Outlet is a sink of a Book.
type Outlet struct {
	guard *guard
	needs wire.Needs
	live  *live // nil: it is called directly

	mu     *sync.Mutex // held while the sink is called; nil if that may be at once
	closed sync.Once
	memory snapshot
}

func newOutlet(s wire.Sink, d Delivery, failed func(error)) *Outlet {
	o := &Outlet{guard: newGuard(s, failed), needs: s.Needs()}
	switch {
	case d.Queued:
		o.live = newLive(o.guard, o.needs.Keeps, d.withDefaults())
		o.needs.Keeps, o.needs.Concurrent = true, true
	case !o.needs.Concurrent && !d.Alone:
		o.mu = new(sync.Mutex)
	}
	return o
}

// event gives the sink an event.
func (o *Outlet) event(ev wire.Event, x *wire.Exchange) {
	switch {
	case o.live != nil:
		o.live.put(ev, x)
	case o.mu != nil:
		o.mu.Lock()
		defer o.mu.Unlock()
		o.guard.event(ev, x)
	default:
		o.guard.event(ev, x)
	}
}

// ticks says whether the sink wants to be told the time.
func (o *Outlet) ticks() bool { return o.guard.ticker != nil }

// tick tells the sink the time. open locks connections, whose events lock the
// outlet: it is looked at before that is locked.
func (o *Outlet) tick(now time.Time, open iter.Seq[*wire.Exchange]) {
	switch {
	case o.live != nil:
		o.live.told(now, open)
	case o.mu != nil:
		o.memory = snap(o.memory, open)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.guard.tick(now, o.memory.all)
	default:
		o.guard.tick(now, open)
	}
}

// flush has the sink write what it has put together. It does nothing for those
// behind a queue.
func (o *Outlet) flush() {
	if o.live == nil {
		o.guard.flush()
	}
}

// Dropped returns how many events were left out so far, and how many bytes of
// traffic were in them: since the queue was full, or since the sink has failed.
func (o *Outlet) Dropped() (events, bytes int64) {
	if o.live == nil {
		return o.guard.missed.Load(), o.guard.missedBytes.Load()
	}
	return o.live.lost()
}

// Close delivers what is queued and closes the sink. Its errors are told to
// Options.Failed. Close gives up, and returns ErrStalled, when the output takes
// nothing for Delivery.Grace: what was queued then counts as dropped.
func (o *Outlet) Close() error {
	if o.live != nil {
		return o.live.close()
	}
	o.closed.Do(o.guard.close)
	return nil
}
