package spool

import "bytes"

// Unit is what is written at once, or left out at once.
type Unit struct {
	Data []byte // borrowed: the Spool copies what it keeps
	N    int    // how many of the things that are counted it has
	Of   any    // whatever else the Output wants to know of it
}

// size is what u takes of the bound of a queue.
func (u *Unit) size() int64 { return int64(len(u.Data)) + overhead }

// overhead is the memory of a unit in the queue beside its bytes, roughly: so
// that many small ones are bounded too.
const overhead = 64

// queue is a first-in first-out list of units that reuses its memory.
//
//	units: taken (empty) | waiting
//	       0 ≤ head ≤ len(units)
type queue struct {
	units []Unit
	head  int
	size  int64 // of those that wait
}

func (q *queue) len() int { return len(q.units) - q.head }

// push adds a copy of u at the end.
func (q *queue) push(u Unit) {
	if len(q.units) == cap(q.units) && q.head > len(q.units)/2 {
		n := copy(q.units, q.units[q.head:])
		clear(q.units[n:])
		q.units, q.head = q.units[:n], 0
	}
	u.Data = bytes.Clone(u.Data)
	q.units = append(q.units, u)
	q.size += u.size()
}

// pop removes and returns the unit at the front; there must be one.
func (q *queue) pop() Unit {
	u := q.units[q.head]
	q.units[q.head] = Unit{}
	q.head++
	q.size -= u.size()
	if q.head == len(q.units) {
		*q = queue{units: q.units[:0]}
		if cap(q.units) > maxSpare {
			q.units = nil
		}
	}
	return u
}

// maxSpare is how many units an empty queue has room for.
const maxSpare = 1024
