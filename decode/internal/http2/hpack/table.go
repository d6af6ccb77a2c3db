package hpack

import (
	"slices"
	"unsafe"
)

// entry is a field in a table.
type entry struct {
	name, value string
	kind        Kind
}

// overhead is what an entry, or a field in a list, costs beside its text (RFC 7541,
// section 4.1).
const overhead = 32

func (e *entry) size() int { return len(e.name) + len(e.value) + overhead }

// table is a dynamic table (RFC 7541, section 2.3.2): the newest entry has the lowest
// index, and the oldest are evicted.
type table struct {
	entries []entry // the newest last
	evicted int     // of entries, at the beginning
	size    int
	max     int
}

// entryRoom is the memory of an entry, without its text.
const entryRoom = int(unsafe.Sizeof(entry{}))

// held returns the memory of t: that of entries is there for more of them than there
// are, and most of a table that is full of short ones.
func (t *table) held() int {
	return t.size - overhead*(len(t.entries)-t.evicted) + entryRoom*cap(t.entries)
}

// at returns entry i, counted from the newest; nil if there is none.
func (t *table) at(i uint64) *entry {
	if i >= uint64(len(t.entries)-t.evicted) {
		return nil
	}
	return &t.entries[len(t.entries)-1-int(i)]
}

// insert adds e. What does not fit empties the table (RFC 7541, section 4.4).
func (t *table) insert(e entry) {
	t.shrink(t.max - e.size())
	if t.size+e.size() > t.max {
		return
	}
	if t.evicted > len(t.entries)/2 {
		t.entries = slices.Delete(t.entries, 0, t.evicted)
		t.evicted = 0
	}
	t.entries = append(t.entries, e)
	t.size += e.size()
}

// resize changes how large the table may be.
func (t *table) resize(n int) {
	t.max = n
	t.shrink(n)
}

// shrink evicts entries until the others are not larger than n, or none is left.
func (t *table) shrink(n int) {
	for t.size > n && t.evicted < len(t.entries) {
		e := &t.entries[t.evicted]
		t.size -= e.size()
		*e = entry{}
		t.evicted++
	}
	if t.evicted == len(t.entries) {
		t.entries, t.evicted = t.entries[:0], 0
	}
}
