// Package budget bounds the memory of decoders: that of all connections
// together, and of each what it has to give back.
package budget

import (
	"math/bits"
	"sync"

	"github.com/socktrace/socktrace/internal/memory"
)

// Budget is an amount of memory that several goroutines share.
type Budget struct {
	memory *memory.Budget
	// free is buffers that nobody uses, by the logarithm of their sizes: to make
	// them is most of what a long body costs.
	free  [maxClass + 1]sync.Pool // of *[]byte
	boxes sync.Pool               // of *[]byte that point to none: what holds a buffer in free
}

// maxClass is the logarithm of the size up to which buffers are used again.
const maxClass = 22

// MaxOwn is how much memory its owner keeps while it is not used, in bytes.
const MaxOwn = 4 << 10

// Of returns a budget of what m has, which others may share.
func Of(m *memory.Budget) *Budget { return &Budget{memory: m} }

// Left returns how many bytes of b are left.
func Left(b *Budget) int64 { return b.memory.Left() }

// Account is what one connection has of a budget, and what it has to stop. It
// must not be used concurrently. Without a budget there is no bound.
type Account struct {
	of      *Budget
	memory  memory.Account
	running map[Stopper]struct{}
}

// Stopper is something that runs until it is stopped. It may be stopped again.
type Stopper interface{ Stop() }

// NewAccount returns an account of b, which may be nil.
func NewAccount(b *Budget) *Account {
	a := &Account{of: b}
	if b != nil {
		a.memory = memory.Of(b.memory)
	}
	return a
}

// growth is how much more room a buffer has than there is in it: see Grow.
const growth = 2

// Take returns how many of n bytes may be put into a buffer that grows: all or
// none. Those that may not are counted as left out.
func (a *Account) Take(n int) int {
	if !a.Charge(growth * n) {
		a.Missed(n)
		return 0
	}
	return n
}

// Give returns n bytes that were taken.
func (a *Account) Give(n int) { a.Refund(growth * n) }

// Charge takes as much as something needs that has n bytes and does not grow. It
// returns false if there is less.
func (a *Account) Charge(n int) bool { return a.memory.Take(n) }

// Need is Charge for little on which much depends: there is more for that.
func (a *Account) Need(n int) bool { return a.memory.Need(n) }

// Force is Charge for what has to be held.
func (a *Account) Force(n int) { a.memory.Force(n) }

// Refund gives back what was charged.
func (a *Account) Refund(n int) { a.memory.Give(n) }

// Missed notes that n bytes were left out since there is no memory for them.
func (a *Account) Missed(n int) { a.memory.Missed(n) }

// Started notes that s runs.
func (a *Account) Started(s Stopper) {
	if a.running == nil {
		a.running = make(map[Stopper]struct{})
	}
	a.running[s] = struct{}{}
}

// Ended notes that s does not run any more.
func (a *Account) Ended(s Stopper) { delete(a.running, s) }

// Close stops what runs, and returns all that was not given back.
func (a *Account) Close() {
	for s := range a.running {
		s.Stop()
	}
	a.memory.Close()
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
		box, ok := a.of.boxes.Get().(*[]byte)
		if !ok {
			box = new([]byte)
		}
		*box = buf[:0]
		a.of.free[class].Put(box)
	}
}

// buffer returns an empty buffer for n bytes or more.
func (b *Budget) buffer(n int) []byte {
	class := bits.Len(uint(n - 1))
	if b == nil || class > maxClass {
		return make([]byte, 0, n)
	}
	if box, ok := b.free[class].Get().(*[]byte); ok {
		free := *box
		*box = nil
		b.boxes.Put(box)
		return free
	}
	return make([]byte, 0, 1<<class)
}
