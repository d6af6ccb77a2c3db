package window

import (
	"bytes"
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
