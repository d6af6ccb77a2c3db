package flow

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// sorted returns the open connections, oldest first.
func (b *Book) sorted() []*conn {
	var all []*conn
	b.conns.Range(func(_, c any) bool {
		all = append(all, c.(*conn))
		return true
	})
	slices.SortFunc(all, func(x, y *conn) int { return cmp.Compare(x.id(), y.id()) })
	return all
}

// wait returns how long to wait for connections that are busy.
func (b *Book) wait() time.Duration {
	if b.o.Unhurried {
		return math.MaxInt64
	}
	return patience
}

// Open yields the exchanges that are open, and shown. Each is valid until the next, and its
// connection is locked as long: Event must not be called for it. Connections that
// a sink holds, since it hangs, are left out.
func (b *Book) Open(yield func(*wire.Exchange) bool) {
	wait := b.wait()
	for _, c := range b.sorted() {
		if c.lock(&wait) && !c.each(yield) {
			return
		}
	}
}

// Tick tells sinks the time of the traffic, now that the clock on the wall says
// now, and what is open. The book does so by itself, unless its source is at
// rest.
func (b *Book) Tick(now time.Time) {
	traffic := b.at(now)
	for _, o := range b.outlets {
		if o.ticks() {
			o.tick(traffic, b.Open)
		}
	}
}

// at returns the time of the traffic, which events since the last call may have
// moved on.
func (b *Book) at(now time.Time) time.Time {
	var latest time.Time
	for _, c := range b.sorted() {
		if t := c.takeLatest(); t.After(latest) {
			latest = t
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock.see(latest, now)
	return b.clock.at(now)
}

// opens notes that a connection opens, from which the time is told.
func (b *Book) opens(ev *wire.Open) {
	if b.o.Still || !b.ticks {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock.set(ev.End, time.Now())
	if b.ticker == nil && !b.closed {
		b.ticker = startTicker(b.o.Every, b.Tick)
	}
}

// closes notes that a connection closes, which Tick does not see any more.
func (b *Book) closes(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ticker != nil {
		b.clock.see(at, time.Now())
	}
}

// stopTicks has the time be told no more, but to a sink that hangs.
func (b *Book) stopTicks() {
	b.mu.Lock()
	t := b.ticker
	b.ticker, b.closed = nil, true
	b.mu.Unlock()
	if t != nil {
		t.end()
	}
}
