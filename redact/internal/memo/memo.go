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
	made [slots + ways]entry
}

// entry is a name, and what was made of it. Who takes it writes it, and then says
// that it is there; it does not change any more.
type entry struct {
	state atomic.Uint32
	made  uint32
	ends  ends
	name  string
}

// The states of an entry.
const (
	free uint32 = iota
	taken
	there
)

// ends are the size of a name, its first eight bytes and its last: all of it, if it has no
// more than 16. What is shorter than eight is in first, and last is 0.
type ends struct {
	first, last uint64
	size        int
}

const (
	slotBits = 11
	slots    = 1 << slotBits
	ways     = 3   // how many places a name may be in, one behind the other
	maxName  = 128 // longer names are made anew each time
)

// Of returns what was made of the name; false if that is not known.
func (m *Memo) Of(name []byte) (made uint32, ok bool) {
	return m.find(endsOf(name), name)
}

// OfShort is Of for a name of less than eight bytes: what word has of it, the first one
// lowest. What it has behind them makes no difference.
func (m *Memo) OfShort(word uint64, size int) (made uint32, ok bool) {
	return m.find(ends{first: word & (1<<(8*size) - 1), size: size}, nil)
}

// find returns what was made of the name with these ends.
func (m *Memo) find(ends ends, name []byte) (made uint32, ok bool) {
	at := ends.place()
	for i := range ways {
		e := &m.made[at+i]
		if e.state.Load() != there {
			break
		}
		if e.ends == ends && (ends.size <= 16 || e.name == string(name)) {
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
	ends := endsOf(name)
	at := ends.place()
	for i := range ways {
		e := &m.made[at+i]
		if e.state.Load() == free && e.state.CompareAndSwap(free, taken) {
			e.made, e.ends, e.name = made, ends, string(name)
			e.state.Store(there)
			return
		}
	}
}

func endsOf(name []byte) ends {
	switch n := len(name); {
	case n >= 8:
		return ends{binary.LittleEndian.Uint64(name), binary.LittleEndian.Uint64(name[n-8:]), n}
	case n >= 4:
		first, last := uint64(binary.LittleEndian.Uint32(name)), uint64(binary.LittleEndian.Uint32(name[n-4:]))
		return ends{first: first | last<<(8*(n-4)), size: n}
	case n > 0:
		return ends{first: uint64(name[0]) | uint64(name[n/2])<<(8*(n/2)) | uint64(name[n-1])<<(8*(n-1)), size: n}
	}
	return ends{}
}

// place returns where a name with these ends may be.
func (e *ends) place() int {
	x := e.first ^ bits.RotateLeft64(e.last, 23) ^ uint64(e.size)
	return int(x * 0x9e3779b97f4a7c15 >> (64 - slotBits))
}
