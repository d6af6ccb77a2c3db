// Package memory is the memory for what is held of the traffic: one budget for
// all connections, whoever holds it. What does not fit is left out by its owner,
// who marks the place and has it counted here.
package memory

import "sync/atomic"

// Budget is an amount of memory that goroutines share.
type Budget struct {
	left   atomic.Int64
	times  atomic.Int64
	missed atomic.Int64
}

// New returns a budget of n bytes.
func New(n int64) *Budget {
	b := new(Budget)
	b.left.Store(n)
	return b
}

// Left returns how many bytes are left. It is negative if owners had to have
// more than there was: see Account.Force.
func (b *Budget) Left() int64 { return b.left.Load() }

// Missed returns how often something was left out since it did not fit, and how
// many bytes that was.
func (b *Budget) Missed() (times, bytes int64) {
	if b == nil {
		return 0, 0
	}
	return b.times.Load(), b.missed.Load()
}

// take takes n bytes for an owner of have, which may then have so many times what
// is left for others.
func (b *Budget) take(n, have, times int64) bool {
	if left := b.left.Add(-n); times*left >= have+n {
		return true
	}
	b.left.Add(n)
	return false
}
