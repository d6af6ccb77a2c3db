package window

import (
	"slices"
	"time"
	"unsafe"
)

// Place is where and when a byte was seen.
type Place struct {
	Off  int64 // in its direction, from 0
	Time time.Time
}

// Plus returns the place of the nth byte after the one at p, seen with it.
func (p Place) Plus(n int) Place {
	p.Off += int64(n)
	return p
}

// marks say when the bytes of a window, and the one before it, were seen.
type marks struct {
	list []mark
	last time.Time // when something was seen
}

// mark says that the bytes from off on were seen at time t, up to the next
// mark's.
type mark struct {
	off int64
	t   time.Time
}

// maxMarks bounds how many reads are told apart by time while their bytes are
// held: a head of 1 MiB may come in as many.
const maxMarks = 4096

// markSize is that of a mark in memory, in bytes.
const markSize = int(unsafe.Sizeof(mark{}))

// maxIdle is how many marks there is room for while no bytes are held: one or two
// are needed.
const maxIdle = 64

// shrink gives up room that is not needed any more.
func (m *marks) shrink() {
	if cap(m.list) > maxIdle {
		m.list = slices.Clone(m.list)
	}
}

// add notes that the bytes from off on were seen at time t.
func (m *marks) add(off int64, t time.Time) {
	if len(m.list) >= maxMarks {
		m.thin()
	}
	m.list = append(m.list, mark{off, t})
	m.last = t
}

// thin leaves out every other mark but the first: bytes between two marks get
// the time of the earlier one.
func (m *marks) thin() {
	n := 1
	for i := 2; i < len(m.list); i += 2 {
		m.list[n] = m.list[i]
		n++
	}
	m.list = m.list[:n]
}

// forget drops the marks of bytes before off, but for the one before it.
func (m *marks) forget(off int64) {
	k := 0
	for k+1 < len(m.list) && m.list[k+1].off < off {
		k++
	}
	if k > 0 {
		m.list = append(m.list[:0], m.list[k:]...)
	}
}

// at returns when the byte at off was seen.
func (m *marks) at(off int64) time.Time {
	for i := len(m.list) - 1; i >= 0; i-- {
		if m.list[i].off <= off {
			return m.list[i].t
		}
	}
	if len(m.list) > 0 {
		return m.list[0].t
	}
	return m.last
}

// together returns how many of the n bytes from off on were seen at the time of
// the first one.
func (m *marks) together(off int64, n int) int {
	for i := range m.list {
		if o := m.list[i].off; o > off && o < off+int64(n) {
			return int(o - off)
		}
	}
	return n
}
