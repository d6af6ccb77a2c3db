package flow

import "github.com/socktrace/socktrace/wire"

// item is an event that waits, and what was known of its exchange when it came.
type item struct {
	ev   wire.Event
	size int            // of the traffic in ev, in bytes
	has  bool           // x is that of an exchange
	x    wire.Exchange  // a snapshot
	last *wire.Exchange // ev, if it ends its exchange
}

// exchange returns what was known of the exchange, nil if it is of none.
func (i *item) exchange() *wire.Exchange {
	switch {
	case i.last != nil:
		return i.last
	case i.has:
		return &i.x
	}
	return nil
}

// queue is a first-in first-out list of events that reuses its memory.
//
//	items: taken (zero) | waiting
//	       0 ≤ head ≤ len(items)
type queue struct {
	items []item
	head  int
	bytes int // of traffic in those that wait
}

func (q *queue) len() int { return len(q.items) - q.head }

// push adds an event at the end, with a snapshot of x, which may be nil.
func (q *queue) push(ev wire.Event, x *wire.Exchange, size int) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item{ev: ev, size: size})
	i := &q.items[len(q.items)-1]
	if last, ok := ev.(*wire.Exchange); ok {
		i.last = last
	} else if x != nil {
		i.x, i.has = *x, true
	}
	q.bytes += size
}

// pop removes the event at the front, which there must be, and moves it to i.
func (q *queue) pop(i *item) {
	front := &q.items[q.head]
	*i, *front = *front, item{}
	q.head++
	q.bytes -= i.size
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
}
