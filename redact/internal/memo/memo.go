// Package memo remembers what was made of names: in traffic the same few come again
// and again.
package memo

import (
	"encoding/binary"
	"math/bits"
	"sync/atomic"
	"unsafe"
)

// Memo has what was made of names. Its zero value is ready, and safe for concurrent
// use. Who comes first stays: others may be made up without end.
type Memo struct {
	made [slots + ways]atomic.Pointer[entry]
}

// entry is a name, and what was made of it.
type entry struct {
	name string
	made uint32
}

const (
	slotBits = 11
	slots    = 1 << slotBits
	ways     = 3  // how many places a name may be in, one behind the other
	maxName  = 64 // longer names are made anew each time
)

// Of returns what was made of the name; false if that is not known.
func (m *Memo) Of(name []byte) (made uint32, ok bool) {
	at := place(name)
	for i := range ways {
		e := m.made[at+i].Load()
		if e == nil {
			break
		}
		if e.name == string(name) {
			return e.made, true
		}
	}
	return 0, false
}

// OfString is Of.
func (m *Memo) OfString(name string) (made uint32, ok bool) {
	return m.Of(unsafe.Slice(unsafe.StringData(name), len(name)))
}

// Put remembers what was made of the name, if there is room.
func (m *Memo) Put(name []byte, made uint32) {
	if len(name) > maxName {
		return
	}
	at := place(name)
	for i := range ways {
		if m.made[at+i].CompareAndSwap(nil, &entry{string(name), made}) {
			return
		}
	}
}

// place returns where a name may be, by its size and its ends.
func place(name []byte) int {
	n := len(name)
	x := uint64(n)
	if n >= 8 {
		x ^= binary.LittleEndian.Uint64(name) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(name[n-8:]), 23)
	} else {
		for _, c := range name {
			x = x<<8 ^ uint64(c)
		}
	}
	return int(x * 0x9e3779b97f4a7c15 >> (64 - slotBits))
}
