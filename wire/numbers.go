package wire

import "sync"

// Numbering numbers connections: it is a Numbers, or leads to one.
type Numbering interface {
	// Next returns a number that no connection has, higher than all there are.
	Next() int
	// Claim returns id, which a connection had before, if no other has it, or else one
	// as Next does.
	Claim(id int) int
	// Last returns the highest number that was given.
	Last() int
}

// Numbers numbers connections, from 1: those that are accepted, captured or
// read, and those nested in them. It may be used concurrently. The zero value
// is ready.
type Numbers struct {
	mu   sync.Mutex
	last int
	used [claimable / 64]uint64 // of the last numbers, a bit each, as a ring
}

// claimable is how far behind the last number one may be claimed. Those that were
// given in one order are claimed in nearly the same.
const claimable = 4096

// farthest is how far ahead of the last number one may be claimed: files may hold
// any.
const farthest = 1 << 30

// Next returns a number that no connection has, higher than all there are.
func (n *Numbers) Next() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.take(n.last + 1)
}

// Claim returns id, which a connection had before, if no other has it, or else
// one as Next does.
func (n *Numbers) Claim(id int) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.free(id) {
		id = n.last + 1
	}
	return n.take(id)
}

// Last returns the highest number that was given.
func (n *Numbers) Last() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last
}

// free reports whether nobody has id, as far as is remembered.
func (n *Numbers) free(id int) bool {
	switch {
	case id <= 0, id > n.last+farthest, id/64 <= n.last/64-len(n.used):
		return false
	case id > n.last:
		return true
	}
	return *n.word(id / 64)>>(id%64)&1 == 0
}

// take notes that a connection has id.
func (n *Numbers) take(id int) int {
	for w := n.last/64 + 1; w <= min(id/64, n.last/64+len(n.used)); w++ {
		*n.word(w) = 0
	}
	n.last = max(n.last, id)
	*n.word(id / 64) |= 1 << (id % 64)
	return id
}

func (n *Numbers) word(i int) *uint64 { return &n.used[i%len(n.used)] }
