package spool

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// TestDefaults: what is not said is what is documented.
func TestDefaults(t *testing.T) {
	o := Options{Stalls: true}.withDefaults()
	if o.Patience != 250*time.Millisecond || o.Grace != 2*time.Second || o.Moved() != 0 || o.Stalls {
		t.Errorf("got %+v, moved %d", o, o.Moved())
	}
	o = Options{Size: 1, Stalls: true, Patience: 1, Grace: 2, Moved: func() int64 { return 3 }}.withDefaults()
	if o.Patience != 1 || o.Grace != 2 || o.Moved() != 3 || !o.Stalls {
		t.Errorf("got %+v, moved %d", o, o.Moved())
	}
	for size, want := range map[int64]time.Duration{0: 0, 1: time.Hour} {
		s := New(discard{}, Options{Size: size, Patience: time.Hour})
		if s.turn.patience != want {
			t.Errorf("size %d: writes are waited for %v", size, s.turn.patience)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestQueueModel compares the queue with a plain list, and looks at what it keeps of
// memory: nothing of units that are gone.
func TestQueueModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var q queue
	var want []string
	for i := range 20_000 {
		if grows := i/500%2 == 0; len(want) == 0 || rng.IntN(10) < 5 == grows && rng.IntN(10) < 8 {
			text := strconv.Itoa(i)
			data := []byte(text)
			q.push(Unit{Data: data, N: i})
			data[0] = '!' // it was copied
			want = append(want, text)
		} else {
			u := q.pop()
			if string(u.Data) != want[0] || strconv.Itoa(u.N) != want[0] {
				t.Fatalf("got %s, want %s", u.Data, want[0])
			}
			want = want[1:]
		}
		size := int64(0)
		for _, text := range want {
			size += int64(len(text)) + 64
		}
		if q.len() != len(want) || q.size != size {
			t.Fatalf("%d units with %d bytes, want %d with %d", q.len(), q.size, len(want), size)
		}
		all := q.units[:cap(q.units)]
		for k, u := range all {
			if (k < q.head || k >= len(q.units)) && u.Data != nil {
				t.Fatalf("a unit that is gone is kept at %d of %d to %d", k, q.head, len(q.units))
			}
		}
	}
	q = queue{}
	for i := range 10 * 1024 { // two at most wait
		q.push(Unit{})
		if i > 0 {
			q.pop()
		}
	}
	if cap(q.units) > 16 {
		t.Errorf("memory for %d units, of two that wait", cap(q.units))
	}
	for size, kept := range map[int]bool{1024: true, 1025: false} {
		q := queue{units: make([]Unit, 0, size)}
		q.push(Unit{})
		if q.pop(); (q.units != nil) != kept || kept && cap(q.units) != size {
			t.Errorf("of memory for %d units that for %d is kept", size, cap(q.units))
		}
	}
}

// TestTurn looks at calls as its timer does, which here never fires.
func TestTurn(t *testing.T) {
	taken := 0
	turn := turn{patience: time.Hour, taken: func() { taken++ }}
	turn.Lock()
	call := turn.begin()
	timer := turn.timer
	defer timer.Stop()
	if !turn.armed || call != 1 {
		t.Fatalf("call %d, the timer runs: %t", call, turn.armed)
	}
	turn.look() // it may have begun just now
	if taken != 0 || !turn.armed || turn.seen != 1 {
		t.Errorf("seen once: taken %d times, the timer runs: %t", taken, turn.armed)
	}
	if !turn.end(call) {
		t.Error("it was not taken")
	}
	call = turn.begin() // the next one
	turn.look()
	if taken != 0 {
		t.Error("another call is taken for the one before")
	}
	turn.look()
	if taken != 1 || turn.armed || turn.calls.Load() != call+1 || !turn.TryLock() {
		t.Fatalf("seen twice: taken %d times, the timer runs: %t, %d calls", taken, turn.armed, turn.calls.Load())
	}
	turn.Unlock()
	if turn.end(call) || turn.TryLock() {
		t.Error("it was taken, and does not know, or has not locked again")
	}
	call = turn.begin()
	if !turn.armed || turn.timer != timer {
		t.Error("the timer does not run again")
	}
	turn.end(call)
	turn.look()
	if !turn.armed {
		t.Error("the timer stands still, behind a call")
	}
	turn.look() // somebody has the turn
	if !turn.armed {
		t.Error("the timer stands still, before a call")
	}
	turn.Unlock()
	turn.look()
	if turn.armed || taken != 1 || !turn.TryLock() {
		t.Errorf("no calls: the timer runs: %t, taken %d times", turn.armed, taken)
	}
	never := turn.calls.Load()
	turn.patience = 0
	if turn.begin(); turn.armed || turn.calls.Load() != never+1 {
		t.Error("the timer runs, for calls that are never taken")
	}
}

// TestStates says what a spool is at each moment.
func TestStates(t *testing.T) {
	g := newGate(false)
	s := New(g, quick)
	if s.Behind() || s.Hangs() {
		t.Error("it is behind, or hangs, from the beginning")
	}
	g.set(true)
	held := make(chan bool)
	go func() { held <- put(s, "a") }()
	g.awaitInside(t)
	await(t, "the queue", s.Behind)
	if !s.Hangs() {
		t.Error("it does not hang")
	}
	g.set(false)
	if !<-held {
		t.Error("what hung was not taken")
	}
	await(t, "callers that write", func() bool { return !s.Behind() })
	if s.Hangs() || s.progress() != 0 {
		t.Errorf("it hangs: %t; written from the queue: %d", s.Hangs(), s.progress())
	}
	s.Queue()
	put(s, "b")
	put(s, "c")
	await(t, "two units", func() bool { return s.progress() == 2 })
	if !s.Behind() || s.Hangs() {
		t.Error("it is not behind any more, though that was said")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n, bytes := s.LeftOut(); n != 0 || bytes != 0 || !put(s, "d") {
		t.Errorf("%d left out, with %d bytes", n, bytes)
	}
	small := New(newGate(false), Options{Size: 1, Patience: time.Hour})
	if small.Queue(); !small.Behind() {
		t.Error("a small one does not queue")
	}
	if err := small.Close(); err != nil {
		t.Error(err)
	}
	g = newGate(true)
	small = New(g, Options{Size: 1, Stalls: true, Grace: time.Millisecond})
	put(small, "a")
	g.awaitInside(t)
	if err := small.Close(); !errors.Is(err, ErrStalled) {
		t.Errorf("a small one is waited for: %v", err)
	}
	g.set(false)
}

// lasting is an Output whose end waits.
type lasting struct {
	*gate
	end chan struct{}
}

func (o lasting) Close() error { <-o.end; return nil }

// TestGivenUp: an output that has moved, and does not any more, is given up; one that
// failed is told of that. What comes then is left out.
func TestGivenUp(t *testing.T) {
	full := errors.New("full")
	for _, err := range []error{nil, full} {
		moved := int64(0)
		out := lasting{newGate(false), make(chan struct{})}
		out.err = err
		s := New(out, Options{Size: 1 << 20, Grace: time.Millisecond, Moved: func() int64 { moved++; return min(moved, 3) }})
		if !put(s, "a") || !put(s, "bc") {
			t.Error("not taken")
		}
		want := ErrStalled
		if err != nil {
			want = err
		}
		if got := s.Close(); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		before, _ := s.LeftOut()
		if !put(s, "d") {
			t.Error("not taken at the end")
		}
		if n, _ := s.LeftOut(); n != before+1 {
			t.Errorf("%d left out, then %d", before, n)
		}
		close(out.end)
		<-s.done
	}
	// One that all wait for is not looked at.
	s := New(newGate(false), Options{Grace: 1, Moved: func() int64 { t.Error("it was asked whether it moves"); return 0 }})
	put(s, "a")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestNotCounted: things are counted, and what stands for some that are missing is none.
func TestNotCounted(t *testing.T) {
	g := newGate(true)
	s := New(g, Options{Size: 2 * (1 + 64), Stalls: true, Grace: time.Millisecond})
	put(s, "0")
	g.awaitInside(t)
	put(s, "1")
	put(s, "2")
	s.Put(Unit{Data: []byte("nothing"), N: 0})
	if n, bytes := s.LeftOut(); n != 0 || bytes != 0 {
		t.Errorf("%d left out, with %d bytes", n, bytes)
	}
	put(s, "345")
	s.turn.Lock()
	s.queue.pop()
	s.queue.pop()
	s.turn.Unlock()
	if !put(s, "") {
		t.Error("no room")
	}
	if err := s.Close(); !errors.Is(err, ErrStalled) {
		t.Error(err)
	}
	if n, bytes := s.LeftOut(); n != 2 || bytes != 3 {
		t.Errorf("%d left out, with %d bytes", n, bytes)
	}
	g.set(false)
	<-s.done
	if got := g.written(); got != "0" {
		t.Errorf("got %q", got)
	}
}

// steps is an Output of which each write ends when it is told how.
type steps struct {
	*gate
	ends chan error
}

func (o steps) Write(u Unit) error {
	err := <-o.ends
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, string(u.Data))
	return err
}

// awaitQueue waits until n units wait.
func awaitQueue(t *testing.T, s *Spool, n int) {
	t.Helper()
	await(t, "the queue", func() bool {
		s.turn.Lock()
		defer s.turn.Unlock()
		return s.queue.len() == n
	})
}

// TestOneGap: what is left out is one gap as long as the queue is not half empty,
// also when the output takes some of it.
func TestOneGap(t *testing.T) {
	out := steps{newGate(false), make(chan error)}
	s := New(out, Options{Size: 4 * (1 + 64), Stalls: true})
	put(s, "0")
	awaitQueue(t, s, 0)
	for _, text := range []string{"1", "2", "3", "4"} {
		put(s, text)
	}
	for n := 3; n > 1; n-- {
		if put(s, "lost") {
			t.Errorf("taken, with %d that wait", n+1)
		}
		out.ends <- nil
		awaitQueue(t, s, n)
	}
	if put(s, "lost") {
		t.Error("taken, and the queue would not be half empty")
	}
	out.ends <- nil
	awaitQueue(t, s, 1)
	if !put(s, "5") {
		t.Error("there is room again")
	}
	close(out.ends)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got, want := out.written(), "0 1 2 3 4 [3/12] 5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNothingBehindError: a gap is not marked where nothing is written any more.
func TestNothingBehindError(t *testing.T) {
	out := steps{newGate(false), make(chan error, 1)}
	s := New(out, Options{Size: 1, Stalls: true})
	put(s, "0")
	awaitQueue(t, s, 0)
	put(s, "1")
	put(s, "lost")
	out.ends <- errors.New("full")
	await(t, "the error", func() bool { return s.Err() != nil })
	close(out.ends)
	if err := s.Close(); err == nil || err.Error() != "full" {
		t.Error(err)
	}
	if got := out.written(); got != "0" {
		t.Errorf("got %q", got)
	}
	if n, bytes := s.LeftOut(); n != 3 || bytes != 6 {
		t.Errorf("%d left out, with %d bytes", n, bytes)
	}
}

// TestOneGapAtTheEnd: it is marked when nothing waits any more, and not before.
func TestOneGapAtTheEnd(t *testing.T) {
	out := steps{newGate(false), make(chan error)}
	s := New(out, Options{Size: 2 * (1 + 64), Stalls: true})
	put(s, "0")
	awaitQueue(t, s, 0)
	put(s, "1")
	put(s, "2")
	for n := 1; n >= 0; n-- {
		if put(s, "lost") {
			t.Errorf("taken, with %d that wait", n+1)
		}
		out.ends <- nil
		awaitQueue(t, s, n)
	}
	if put(s, "too long for half of it") {
		t.Error("taken, and the queue would not be half empty")
	}
	close(out.ends)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got, want := out.written(), "0 1 2 [3/31]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
