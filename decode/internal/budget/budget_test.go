package budget

import (
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
)

// TestTake counts bytes in buffers that grow twice, and what does not fit.
func TestTake(t *testing.T) {
	m := memory.New(100_000)
	b := Of(m)
	a := NewAccount(b)
	if got := a.Take(25_001); got != 0 {
		t.Errorf("took %d bytes of half", got)
	}
	if times, bytes := m.Missed(); times != 1 || bytes != 25_001 {
		t.Errorf("missed %d times %d bytes", times, bytes)
	}
	if got := a.Take(25_000); got != 25_000 || Left(b) != 50_000 {
		t.Errorf("took %d bytes, %d are left", got, Left(b))
	}
	if a.Charge(1) || !a.Need(25_000) || a.Need(1) {
		t.Error("not half is for all, and a quarter for what is needed")
	}
	a.Force(30_000)
	if left := Left(b); left != -5_000 {
		t.Errorf("%d bytes are left", left)
	}
	a.Refund(55_000)
	if left := Left(b); left < 45_000 || left > 50_000 { // it is given back in steps
		t.Errorf("%d bytes are left after a refund", left)
	}
	a.Give(10_000)
	if left := Left(b); left < 65_000 || left > 70_000 {
		t.Errorf("%d bytes are left after some were given", left)
	}
	a.Give(15_000)
	a.Close()
	if left := Left(b); left != 100_000 {
		t.Errorf("%d bytes are left at the end", left)
	}
	a.Missed(2)
	if times, bytes := m.Missed(); times != 2 || bytes != 25_003 {
		t.Errorf("missed %d times %d bytes", times, bytes)
	}
	if Left(New(7)) != 7 {
		t.Error("a new budget is not whole")
	}
	free := NewAccount(nil)
	if free.Take(1<<40) != 1<<40 || !free.Charge(1) {
		t.Error("there is a bound without a budget")
	}
	free.Give(1)
	free.Close()
}

// stopper counts how often it was stopped.
type stopper int

func (s *stopper) Stop() { *s++ }

// TestClose stops what still runs.
func TestClose(t *testing.T) {
	a := NewAccount(New(1))
	var runs, ended stopper
	a.Started(&runs)
	a.Started(&ended)
	a.Ended(&ended)
	a.Close()
	if runs != 1 || ended != 0 {
		t.Errorf("stopped %d and %d times", runs, ended)
	}
}

// TestGrow gives room for twice as much as before, at least for what is needed, and
// for no more than the limit where the buffer is not lent.
func TestGrow(t *testing.T) {
	a := NewAccount(New(1))
	for _, c := range []struct {
		have, room, n, limit int
		lent                 bool
		want                 int
	}{
		{0, 0, 1, 1000, false, 64},
		{0, 0, 65, 1000, false, 65},
		{10, 16, 6, 1000, false, 16},
		{10, 16, 7, 1000, false, 64},
		{100, 100, 1, 1000, false, 200},
		{100, 100, 1, 150, false, 150},
		{100, 100, 101, 150, false, 201},
		{0, 0, 1, 1000, true, 64},
		{100, 100, 1, 1000, true, 256},
		{128, 128, 1, 1000, true, 256},
		{1 << 22, 1 << 22, 1, 1 << 23, true, 1 << 23},
	} {
		buf := make([]byte, c.have, c.room)
		for i := range buf {
			buf[i] = byte(i)
		}
		got := a.Grow(buf, c.n, c.limit, c.lent)
		if len(got) != c.have || cap(got) < c.want || cap(got) > c.want+c.want/8+8 {
			t.Errorf("%+v: %d bytes in %d", c, len(got), cap(got))
		}
		for i := range got {
			if got[i] != byte(i) {
				t.Fatalf("%+v: byte %d is %d", c, i, got[i])
			}
		}
	}
}

// TestReuse keeps little, and leaves the rest to others, empty.
func TestReuse(t *testing.T) {
	b := New(1)
	a := NewAccount(b)
	if got := a.Reuse(make([]byte, 7, 4<<10)); got == nil || len(got) != 0 || cap(got) != 4<<10 {
		t.Errorf("%d bytes in %d", len(got), cap(got))
	}
	if got := a.Reuse(make([]byte, 7, 4<<10+1)); got != nil {
		t.Errorf("%d bytes in %d are kept", len(got), cap(got))
	}
	// What the collector takes in between is lost: one of many is enough.
	for size, again := range map[int]bool{1 << 13: true, 1<<13 + 1: false, 1 << 22: true, 1 << 23: false} {
		found := false
		for range 100 {
			buf := make([]byte, 9, size)
			buf[0] = 'm'
			if left := a.Reuse(buf); left != nil {
				t.Errorf("%d bytes are kept", cap(left))
			}
			if got := b.buffer(size); len(got) != 0 || cap(got) < size {
				t.Errorf("%d: %d bytes in %d", size, len(got), cap(got))
			} else if got[:1][0] == 'm' {
				found = true
			}
		}
		if found != again {
			t.Errorf("%d bytes are used again: %t", size, found)
		}
	}
	grown := false
	for range 100 {
		buf := make([]byte, 1<<14)
		buf[0] = 'g'
		a.Grow(buf, 1, 1<<15, true)
		grown = grown || b.buffer(1 << 14)[:1][0] == 'g'
	}
	if !grown {
		t.Error("what was grown is not used again")
	}
	a.Free(nil)
	NewAccount(nil).Free(make([]byte, 1<<13))
	var none *Budget
	if got := none.buffer(100); cap(got) < 100 {
		t.Errorf("room for %d bytes", cap(got))
	}
}

// New returns a budget of n bytes.
func New(n int64) *Budget { return Of(memory.New(n)) }
