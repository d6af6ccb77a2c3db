package wire

import "sync/atomic"

// Numbers numbers connections, from 1: those that are accepted, captured or
// read, and those nested in them. It may be used concurrently. The zero value
// is ready.
type Numbers struct{ last atomic.Int64 }

// Next returns a number that no connection has.
func (n *Numbers) Next() int { return int(n.last.Add(1)) }

// Last returns the highest number that was given.
func (n *Numbers) Last() int { return int(n.last.Load()) }

// Took notes that a connection has the number id by itself.
func (n *Numbers) Took(id int) {
	for {
		last := n.last.Load()
		if int64(id) <= last || n.last.CompareAndSwap(last, int64(id)) {
			return
		}
	}
}
