package flow

import "github.com/socktrace/socktrace/wire"

// itemRoom is about what an event needs in the queue beside what it holds, in
// bytes.
const itemRoom = 768

// item is an event that waits, and what was known of its exchange when it came.
type item struct {
	ev   wire.Event
	size int           // of the traffic in ev, in bytes
	room int           // the memory that it needs while it waits
	has  bool          // x is that of an exchange
	x    wire.Exchange // a snapshot
}

// set makes i wait for its turn. ev is not borrowed; x may be nil. The end of an
// exchange is a snapshot of it too: the book uses its memory again.
func (i *item) set(ev wire.Event, x *wire.Exchange, size, room int) {
	i.ev, i.size, i.room = ev, size, room
	if x == nil {
		return
	}
	i.x, i.has = *x, true
	if _, last := ev.(*wire.Exchange); last {
		i.ev = &i.x
	}
}

// exchange returns what was known of the exchange, nil if it is of none.
func (i *item) exchange() *wire.Exchange {
	if i.has {
		return &i.x
	}
	return nil
}

// queue is a first-in first-out list of events that reuses its memory.
//
//	items: taken (nil) | waiting
//	       0 ≤ head ≤ len(items)
type queue struct {
	items []*item
	head  int
	bytes int     // of memory that those need which wait
	free  []*item // empty, to be used again
}

func (q *queue) len() int { return len(q.items) - q.head }

// push adds an event at the end.
func (q *queue) push(ev wire.Event, x *wire.Exchange, size, room int) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	i := q.unused()
	i.set(ev, x, size, room)
	q.items = append(q.items, i)
	q.bytes += room
}

// room returns how much memory ev needs in the queue, with what is known of its
// exchange. That of several events of an exchange, one after the other, is there
// once.
func (q *queue) room(ev wire.Event, x *wire.Exchange) int {
	switch {
	case x == nil:
		return itemRoom + wire.DataBytes(ev)
	case ev == wire.Event(x):
		return itemRoom + wire.HeldBytes(x)
	case q.len() > 0 && q.items[len(q.items)-1].isOf(x):
		return itemRoom + wire.DataBytes(ev)
	}
	return itemRoom + wire.DataBytes(ev) + wire.HeldBytes(x)
}

// isOf says whether i is an event of x.
func (i *item) isOf(x *wire.Exchange) bool {
	return i.has && i.x.Conn == x.Conn && i.x.Exchange == x.Exchange
}

// unused returns an empty item.
func (q *queue) unused() *item {
	n := len(q.free) - 1
	if n < 0 {
		return new(item)
	}
	i := q.free[n]
	q.free[n] = nil
	q.free = q.free[:n]
	return i
}

// pop removes and returns the event at the front; there must be one.
func (q *queue) pop() *item {
	i := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	q.bytes -= i.room
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return i
}

// reuse takes back an item that was emptied.
func (q *queue) reuse(i *item) { q.free = append(q.free, i) }
