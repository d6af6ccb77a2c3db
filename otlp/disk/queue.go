package disk

import (
	"cmp"
	"slices"
)

// queue is what is kept of one kind, the oldest first.
type queue struct {
	units []Unit
	busy  bool // the oldest was read, and is being sent
}

// oldest returns the number of the oldest that may go.
func (q *queue) oldest() (i int, number uint64, ok bool) {
	if q.busy {
		i = 1
	}
	if i >= len(q.units) {
		return 0, 0, false
	}
	return i, q.units[i].Number, true
}

// insert adds one at its place: mostly the last.
func (q *queue) insert(u Unit) {
	i, _ := slices.BinarySearchFunc(q.units, u.Number, func(u Unit, n uint64) int { return cmp.Compare(u.Number, n) })
	if i == 0 && q.busy {
		i = 1
	}
	q.units = slices.Insert(q.units, i, u)
}

// remove takes one out.
func (q *queue) remove(i int) (u Unit) {
	u = q.units[i]
	if i == 0 {
		q.units = q.units[1:]
		return u
	}
	q.units = slices.Delete(q.units, i, i+1)
	return u
}
