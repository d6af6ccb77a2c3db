package memo

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
)

// TestMemo: what is remembered is what was put for that name, never for another, and
// the first ones in a place stay.
func TestMemo(t *testing.T) {
	var m Memo
	kept := 0
	for i := range uint32(4 * slots) {
		name := []byte("name-" + strconv.Itoa(int(i)))[5*(i%2):]
		if got, ok := m.Of(name); ok {
			t.Fatalf("%s: got %d before anything was put", name, got)
		}
		m.Put(name, i+1)
		m.Put(name, 0)
		if got, ok := m.OfString(string(name)); ok {
			kept++
			if got != i+1 {
				t.Fatalf("%s: got %d", name, got)
			}
		}
	}
	if kept < slots/2 || kept > slots+ways {
		t.Errorf("%d are kept", kept)
	}
	if got, ok := new(Memo).Of(nil); ok || got != 0 {
		t.Errorf("no name: got %d, %t before anything was put", got, ok)
	}
	for size, want := range map[int]bool{0: true, 1: true, 7: true, 8: true, 128: true, 128 + 1: false} {
		var m Memo
		name := []byte(strings.Repeat("x", size))
		m.Put(name, 7)
		for i := range name {
			name[i] = 'y' // it was copied
		}
		if got, ok := m.OfString(strings.Repeat("x", size)); ok != want || ok && got != 7 {
			t.Errorf("%d bytes: got %d, %t", size, got, ok)
		}
	}
	// Names that go to one place.
	m = Memo{}
	same := [][]byte{[]byte("a")}
	for i := 0; len(same) < ways+1; i++ {
		name := []byte(strconv.Itoa(i))
		if a, b := endsOf(name), endsOf(same[0]); a.place() == b.place() {
			same = append(same, name)
		}
	}
	for i, name := range same {
		m.Put(name, uint32(i))
		if got, ok := m.Of(name); ok != (i < ways) || ok && got != uint32(i) {
			t.Errorf("%s, the %dth in its place: got %d, %t", name, i, got, ok)
		}
	}
	// Names that differ in the middle, and in nothing else.
	for size := 17; size < 40; size++ {
		m = Memo{}
		name := []byte(strings.Repeat("x", size))
		m.Put(name, 7)
		name[size/2] = 'y'
		if got, ok := m.Of(name); ok {
			t.Errorf("%s: got %d", name, got)
		}
	}
	// Names that differ in one place only.
	m = Memo{}
	for size := range 20 {
		for i := range size {
			name := []byte(strings.Repeat("x", size))
			name[i] = 'y'
			m.Put(name, uint32(100*size+i+1))
			if got, ok := m.Of(name); ok && got != uint32(100*size+i+1) || !ok && got != 0 {
				t.Errorf("%s: got %d", name, got)
			}
		}
	}
	// Names that something stands behind.
	m = Memo{}
	for size := range 8 {
		name := []byte("abcdefg")[:size]
		m.Put(name, uint32(size+1))
		for _, behind := range []string{"--------", "\x00\x00\x00\x00\x00\x00\x00\x00", "hijklmno"} {
			word := binary.LittleEndian.Uint64(append(bytes.Clone(name), behind...))
			if got, ok := m.OfShort(word, size); !ok || got != uint32(size+1) {
				t.Errorf("%s before %q: got %d, %t", name, behind, got, ok)
			}
			if got, ok := m.OfShort(word^1, size); ok && size > 0 {
				t.Errorf("none before %q: got %d", behind, got)
			}
		}
	}
	// Names that differ in one bit only.
	for size := range 16 + 1 {
		seen := make(map[ends][]byte)
		for bit := range 8 * size {
			name := make([]byte, size)
			name[bit/8] = 1 << (bit % 8)
			if other, ok := seen[endsOf(name)]; ok {
				t.Errorf("%q and %q have the same ends", name, other)
			}
			seen[endsOf(name)] = name
		}
	}
}
