package flow

import (
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// backlog is what waits for a sink whose output may be slow: a bounded queue.
// What does not fit is left out, counted, and told by a Dropped event in its
// place; or, with block, is waited for.
type backlog struct {
	events, bytes int           // its bounds
	block         bool          // wait for room
	wake          chan struct{} // holds one: there is something to do

	mu      sync.Mutex
	room    sync.Cond // of mu: an event has left the queue, or none is awaited any more
	queue   queue
	gap     wire.Dropped // events left out since the last that was taken
	dropped wire.Dropped // events left out in all
	taken   int          // events taken
	closed  bool         // no more will come
	dead    bool         // nothing is taken any more
	tick    pendingTick
}

func (b *backlog) init(d Delivery) {
	b.events, b.bytes, b.block = d.Events, d.Bytes, d.Block
	b.wake = make(chan struct{}, 1)
	b.room.L = &b.mu
}

// put adds an event, or a clone of it if it is only borrowed, and a snapshot of
// its exchange. Any goroutine may call it. It waits only with block.
func (b *backlog) put(ev wire.Event, x *wire.Exchange) {
	size := wire.DataBytes(ev)
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.block && !b.dead && !b.closed && !b.fits(b.queue.room(ev, x)) {
		b.room.Wait()
	}
	room := b.queue.room(ev, x)
	if last, ok := ev.(*wire.Exchange); ok {
		b.tick.ended(last)
	}
	switch {
	case b.dead || b.closed || !b.fits(room):
		b.leaveOut(ev, size)
	default:
		b.closeGap()
		b.push(wire.Clone(ev), x, size, room)
	}
}

// fits says whether the queue takes another event that needs so much memory. After events
// were left out it has to be half empty first, so that what is left out is one
// long gap and not every other event.
func (b *backlog) fits(room int) bool {
	if b.queue.len() == 0 {
		return true
	}
	events, bytes := b.events, b.bytes
	if b.gap.Events > 0 {
		events, bytes = events/2, bytes/2
	}
	return b.queue.len() < events && b.queue.bytes+room <= bytes
}

func (b *backlog) push(ev wire.Event, x *wire.Exchange, size, room int) {
	b.queue.push(ev, x, size, room)
	b.rouse()
}

// rouse tells whoever takes that there is something to do.
func (b *backlog) rouse() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// leaveOut counts an event that is not delivered.
func (b *backlog) leaveOut(ev wire.Event, size int) {
	m := ev.EventMeta()
	if b.gap.Events == 0 {
		b.gap.Start = m.End
	}
	b.gap.End = m.End
	for _, d := range []*wire.Dropped{&b.gap, &b.dropped} {
		d.Events++
		d.Bytes += int64(size)
	}
}

// closeGap queues the event that stands for those that were left out.
func (b *backlog) closeGap() {
	if b.gap.Events > 0 {
		gap := b.gap
		b.gap = wire.Dropped{}
		b.push(&gap, nil, 0, itemRoom)
	}
}

// take returns the oldest event, nil if there is none; last says that none will
// come. used is an empty item to be used again, or nil.
func (b *backlog) take(used *item) (i *item, last bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if used != nil {
		b.queue.reuse(used)
	}
	if b.queue.len() == 0 && !b.dead {
		b.closeGap()
	}
	if b.queue.len() == 0 {
		return nil, b.closed
	}
	b.taken++
	if b.block {
		b.room.Broadcast()
	}
	return b.queue.pop(), false
}

// close says that no more events will come.
func (b *backlog) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.room.Broadcast()
	b.rouse()
}

// discard empties the queue and takes nothing more.
func (b *backlog) discard() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.queue.len() > 0 {
		i := b.queue.pop()
		b.leaveOut(i.ev, i.size)
	}
	b.dead = true
	b.room.Broadcast()
}

// progress returns how many events were taken.
func (b *backlog) progress() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken
}

// lost returns how many events were left out so far, and how many bytes of
// traffic were in them.
func (b *backlog) lost() (events, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped.Events, b.dropped.Bytes
}
