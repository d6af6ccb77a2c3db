// Package memo remembers what was made of names: in traffic the same few come again
// and again.
package memo

import "sync/atomic"

// Memo has what was made of names. Its zero value is ready, and safe for concurrent
// use. Who comes first stays: others may be made up without end.
type Memo[V any] struct {
	made [slots]atomic.Pointer[entry[V]]
}

// entry is a name, and what was made of it.
type entry[V any] struct {
	name string
	made V
}

const (
	slots   = 1 << 10
	maxName = 64 // longer names are made anew each time
)

// Get returns what was made of the name; false if that is not known.
func Get[V any, T ~string | ~[]byte](m *Memo[V], name T) (made V, ok bool) {
	if e := m.slot(place(name)).Load(); e != nil && e.name == string(name) {
		return e.made, true
	}
	return made, false
}

// Put remembers what was made of the name, if there is room.
func Put[V any, T ~string | ~[]byte](m *Memo[V], name T, made V) {
	if slot := m.slot(place(name)); len(name) <= maxName && slot.Load() == nil {
		slot.Store(&entry[V]{string(name), made})
	}
}

func (m *Memo[V]) slot(i uint32) *atomic.Pointer[entry[V]] { return &m.made[i%slots] }

// place returns where the name is kept, by its size and some of its letters.
func place[T ~string | ~[]byte](name T) uint32 {
	n := len(name)
	if n == 0 {
		return 0
	}
	x := uint32(n)<<24 ^ uint32(name[n-1])<<16 ^ uint32(name[n/2])<<8 ^ uint32(name[0]) ^ uint32(name[n/3])<<20
	return x * 0x9e3779b1 >> 22
}
