package window

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// TestRoom follows what a window needs between reads, and that its bytes stay what
// they are.
func TestRoom(t *testing.T) {
	var w Window
	read := func(n int, c byte, take int) {
		b := bytes.Repeat([]byte{c}, n)
		w.Push(t0, b)
		w.Take(take)
		w.Keep()
		clear(b)
	}
	least := func(n int) {
		t.Helper()
		if got := w.Room(); got < n || got > 2*n+8<<10 {
			t.Errorf("%d bytes for %d", got, n)
		}
	}
	read(1000, 'a', 1000)
	if got := w.Room(); got > 200 {
		t.Errorf("nothing is held in %d bytes", got)
	}
	read(1000, 'a', 0)
	least(1000)
	read(99_000, 'b', 0)
	least(100_000)
	read(1, 'c', 70_000) // less than three quarters: it stays where it is
	least(100_000)
	read(1, 'd', 20_000)
	least(10_002)
	if got := w.Bytes(); len(got) != 10_002 || string(bytes.Trim(got, "b")) != "cd" {
		t.Errorf("%d bytes: %.5q…", len(got), got)
	}
	read(1, 'e', 10_003)
	if got := w.Room(); got > 200 {
		t.Errorf("nothing is held in %d bytes", got)
	}
	read(maxOwn, 'f', 0)
	read(0, 'f', maxOwn)
	if got := w.Room(); got < maxOwn || got > maxOwn+200 {
		t.Errorf("%d bytes are kept to be used again, want %d", got, maxOwn)
	}
	read(100, 'g', 50)
	least(maxOwn)
	if got := string(w.Bytes()); got != string(bytes.Repeat([]byte{'g'}, 50)) {
		t.Errorf("%q", got)
	}
}

// TestMarks gives up the places of many small reads.
func TestMarks(t *testing.T) {
	var w Window
	for i := range 3000 {
		w.Push(t0.Add(time.Duration(i)), []byte{'a'})
		w.Keep()
	}
	if got := w.Room(); got < 3000*32 {
		t.Errorf("%d bytes for 3000 places", got)
	}
	w.Take(2999)
	w.Keep()
	w.Take(1)
	w.Keep()
	if got := w.Room(); got > maxOwn+200 {
		t.Errorf("%d bytes for one place", got)
	}
	if at := w.TimeAt(2999); !at.Equal(t0.Add(2999)) {
		t.Errorf("the last byte was seen at %v", at.Sub(t0))
	}
	if w.Off() != 3000 || w.Next() != 3000 {
		t.Errorf("at %d, next %d", w.Off(), w.Next())
	}
}

// TestHeld keeps bytes with their places: those that were seen together stay so.
func TestHeld(t *testing.T) {
	var h Held
	second := t0.Add(time.Second)
	h.Add(Place{5, t0}, []byte("ab"))
	h.Add(Place{7, t0}, []byte("c"))
	h.Add(Place{8, second}, []byte("de"))
	h.Add(Place{20, second}, []byte("f"))
	h.Add(Place{21, second}, []byte("g"))
	if string(h.Bytes()) != "abcdefg" || h.First() != (Place{5, t0}) {
		t.Errorf("%q from %v on", h.Bytes(), h.First())
	}
	for i, want := range []struct {
		off int64
		n   int
	}{{5, 3}, {6, 2}, {7, 1}, {8, 2}, {9, 1}, {20, 2}, {21, 1}, {0, 0}} {
		if at, n := h.At(i); at.Off != want.off || n != want.n || n > 0 && at.Time.Equal(t0) != (i < 3) {
			t.Errorf("byte %d: %d bytes at %v", i, n, at)
		}
	}
	for most, want := range map[int]string{1: "5 abc", 2: "5 abc, 8 de", 9: "5 abc, 8 de, 20 fg"} {
		var got []string
		again := h
		again.Release(func(at Place, b []byte) bool {
			got = append(got, fmt.Sprintf("%d %s", at.Off, b))
			return len(got) < most
		})
		if s := strings.Join(got, ", "); s != want || len(again.Bytes()) > 0 {
			t.Errorf("%d pieces: %s, %d bytes are left", most, s, len(again.Bytes()))
		}
	}
}

// TestMostMarks tells as many reads apart as may be, but not one more.
func TestMostMarks(t *testing.T) {
	var m marks
	for i := range maxMarks {
		m.add(int64(i), t0.Add(time.Duration(i)))
	}
	if len(m.list) != maxMarks || !m.at(maxMarks-1).Equal(t0.Add(maxMarks-1)) {
		t.Errorf("%d places", len(m.list))
	}
	m.add(maxMarks, t0.Add(maxMarks))
	if len(m.list) != maxMarks/2+1 || !m.at(maxMarks).Equal(t0.Add(maxMarks)) || !m.at(5).Equal(t0.Add(4)) {
		t.Errorf("%d places, the fifth byte was seen at %v", len(m.list), m.at(5).Sub(t0))
	}
}
