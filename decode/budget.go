package decode

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// Budget is an amount of memory that several goroutines share.
type Budget struct {
	left atomic.Int64
	// free is long buffers that nobody uses, by the logarithm of their sizes:
	// to make them is most of what a long body costs.
	free [maxClass + 1]sync.Pool // of *[]byte
}

// maxClass is the logarithm of the size up to which buffers are used again. Those
// of up to maxOwn stay with their owners.
const maxClass = 22

// NewBudget returns a budget of n bytes.
func NewBudget(n int64) *Budget {
	b := new(Budget)
	b.left.Store(n)
	return b
}

// take returns how many of n bytes may be used. A nil budget is unlimited.
func (b *Budget) take(n int) int {
	if b == nil {
		return n
	}
	if b.left.Add(-int64(n)) >= 0 {
		return n
	}
	b.left.Add(int64(n))
	return 0
}

// give returns n bytes.
func (b *Budget) give(n int) {
	if b != nil {
		b.left.Add(int64(n))
	}
}

// grow returns buf with room for n more bytes, of which it will not have more
// than limit, twice as much as before: it is copied as seldom as is possible.
// Nobody uses buf again. What is lent will be given to reuse, and may have more
// room than limit.
func (b *Budget) grow(buf []byte, n, limit int, lent bool) []byte {
	need := len(buf) + n
	if need <= cap(buf) {
		return buf
	}
	room := max(need, min(2*cap(buf), limit), Preview)
	if !lent {
		return append(make([]byte, 0, room), buf...)
	}
	grown := append(b.buffer(room), buf...)
	b.reuse(buf)
	return grown
}

// buffer returns an empty buffer for n bytes or more.
func (b *Budget) buffer(n int) []byte {
	class := bits.Len(uint(n - 1))
	if b == nil || n <= maxOwn || class > maxClass {
		return make([]byte, 0, n)
	}
	if free, ok := b.free[class].Get().(*[]byte); ok {
		return *free
	}
	return make([]byte, 0, 1<<class)
}

// reuse returns buf, empty, if its owner may keep it until it needs one again.
// A long one is for whoever needs it first.
func (b *Budget) reuse(buf []byte) []byte {
	n := cap(buf)
	if n <= maxOwn {
		return buf[:0]
	}
	if class := bits.Len(uint(n - 1)); b != nil && class <= maxClass && n == 1<<class {
		free := buf[:0]
		b.free[class].Put(&free)
	}
	return nil
}
