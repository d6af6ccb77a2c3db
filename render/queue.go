package render

import "github.com/socktrace/socktrace/wire"

// queue is a first-in first-out list of events that reuses its memory.
//
//	events: taken (nil) | waiting
//	        0 ≤ head ≤ len(events)
type queue struct {
	events []wire.Event
	head   int
	bytes  int // of traffic in those that wait
}

func (q *queue) len() int { return len(q.events) - q.head }

// push adds an event at the end.
func (q *queue) push(ev wire.Event) {
	if len(q.events) == cap(q.events) && q.head > len(q.events)/2 {
		n := copy(q.events, q.events[q.head:])
		clear(q.events[n:])
		q.events, q.head = q.events[:n], 0
	}
	q.events = append(q.events, ev)
	q.bytes += wire.DataBytes(ev)
}

// pop removes and returns the event at the front; there must be one.
func (q *queue) pop() wire.Event {
	ev := q.events[q.head]
	q.events[q.head] = nil
	q.head++
	q.bytes -= wire.DataBytes(ev)
	if q.head == len(q.events) {
		q.events, q.head = q.events[:0], 0
	}
	return ev
}
