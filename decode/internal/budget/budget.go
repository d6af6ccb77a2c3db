// Package budget bounds the memory of decoders: that of all connections
// together, and of each what it has to give back.
package budget

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// Budget is an amount of memory that several goroutines share.
type Budget struct {
	left atomic.Int64
	// free is buffers that nobody uses, by the logarithm of their sizes: to make
	// them is most of what a long body costs.
	free [maxClass + 1]sync.Pool // of *[]byte
}

// maxClass is the logarithm of the size up to which buffers are used again.
const maxClass = 22

// MaxOwn is how much memory its owner keeps while it is not used, in bytes.
const MaxOwn = 16 << 10

// New returns a budget of n bytes.
func New(n int64) *Budget {
	b := new(Budget)
	b.left.Store(n)
	return b
}

// Left returns how many bytes of b are left.
func Left(b *Budget) int64 { return b.left.Load() }

// Account is what one connection has of a budget, and what it has to stop. It
// must not be used concurrently. Without a budget there is no bound.
type Account struct {
	of      *Budget
	taken   int
	running map[Stopper]bool
}

// Stopper is something that runs until it is stopped. It may be stopped again.
type Stopper interface{ Stop() }

// NewAccount returns an account of b, which may be nil.
func NewAccount(b *Budget) *Account { return &Account{of: b} }

// Take returns how many of n bytes may be used: all or none.
func (a *Account) Take(n int) int {
	if a.of == nil {
		return n
	}
	if a.of.left.Add(-int64(n)) < 0 {
		a.of.left.Add(int64(n))
		return 0
	}
	a.taken += n
	return n
}

// Give returns n bytes.
func (a *Account) Give(n int) {
	if a.of != nil {
		a.taken -= n
		a.of.left.Add(int64(n))
	}
}

// Started notes that s runs.
func (a *Account) Started(s Stopper) {
	if a.running == nil {
		a.running = make(map[Stopper]bool)
	}
	a.running[s] = true
}

// Ended notes that s does not run any more.
func (a *Account) Ended(s Stopper) { delete(a.running, s) }

// Close stops what runs, and returns all that was not given back.
func (a *Account) Close() {
	for s := range a.running {
		s.Stop()
	}
	a.Give(a.taken)
}

// Grow returns buf with room for n more bytes, of which it will not have more
// than limit, twice as much as before: it is copied as seldom as is possible.
// Nobody uses buf again. What is lent will be given to Reuse or Free, and may
// have more room than limit.
func (a *Account) Grow(buf []byte, n, limit int, lent bool) []byte {
	const least = 64
	need := len(buf) + n
	if need <= cap(buf) {
		return buf
	}
	room := max(need, min(2*cap(buf), limit), least)
	if !lent {
		return append(make([]byte, 0, room), buf...)
	}
	grown := append(a.of.buffer(room), buf...)
	a.Free(buf)
	return grown
}

// Reuse returns buf, empty, if its owner may keep it until it needs one again.
// A long one is freed.
func (a *Account) Reuse(buf []byte) []byte {
	if cap(buf) <= MaxOwn {
		return buf[:0]
	}
	a.Free(buf)
	return nil
}

// Free leaves buf to whoever needs one first. What is not of Grow is forgotten.
func (a *Account) Free(buf []byte) {
	n := cap(buf)
	if a.of == nil || n == 0 {
		return
	}
	if class := bits.Len(uint(n - 1)); class <= maxClass && n == 1<<class {
		free := buf[:0]
		a.of.free[class].Put(&free)
	}
}

// buffer returns an empty buffer for n bytes or more.
func (b *Budget) buffer(n int) []byte {
	class := bits.Len(uint(n - 1))
	if b == nil || class > maxClass {
		return make([]byte, 0, n)
	}
	if free, ok := b.free[class].Get().(*[]byte); ok {
		return *free
	}
	return make([]byte, 0, 1<<class)
}
