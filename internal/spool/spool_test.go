package spool

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// gate is an Output whose writes wait while it is shut.
type gate struct {
	mu     sync.Mutex
	open   sync.Cond
	shut   bool
	inside int // writes that wait
	text   []string
	err    error // of the next write
	closed bool
}

func newGate(shut bool) *gate {
	g := &gate{shut: shut}
	g.open.L = &g.mu
	return g
}

func (g *gate) Write(u Unit) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside++
	for g.shut {
		g.open.Wait()
	}
	g.inside--
	if g.err != nil {
		return g.err
	}
	g.text = append(g.text, string(u.Data))
	return nil
}

func (g *gate) Gap(n, bytes int64) Unit {
	return Unit{Data: fmt.Appendf(nil, "[%d/%d]", n, bytes), N: 1}
}

func (g *gate) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return nil
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	g.open.Broadcast()
}

func (g *gate) written() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Join(g.text, " ")
}

// await waits until ok says yes.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

func (g *gate) awaitInside(t *testing.T) {
	t.Helper()
	await(t, "a write that hangs", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.inside == 1
	})
}

// put puts s, as one thing.
func put(s *Spool, text string) bool { return s.Put(Unit{Data: []byte(text), N: 1}) }

// quick takes a write for one that hangs after some milliseconds.
var quick = Options{Size: 1 << 20, Patience: 5 * time.Millisecond, Grace: 50 * time.Millisecond}

// TestDirect has units in the file when Put returns.
func TestDirect(t *testing.T) {
	for _, size := range []int64{0, 1 << 20} {
		g := newGate(false)
		s := New(g, Options{Size: size, Patience: time.Hour})
		for i, want := range []string{"a", "a b", "a b c"} {
			put(s, string(rune('a'+i)))
			if got := g.written(); got != want {
				t.Errorf("size %d: got %q, want %q", size, got, want)
			}
		}
		if err := s.Close(); err != nil || !g.closed {
			t.Errorf("%v, closed: %v", err, g.closed)
		}
		put(s, "d")
		if got := g.written(); got != "a b c" {
			t.Errorf("behind the end: %q", got)
		}
	}
}

// TestQueue holds nobody from the moment that it is said so, unless nothing may
// wait.
func TestQueue(t *testing.T) {
	for _, size := range []int64{0, 1 << 20} {
		g := newGate(false)
		s := New(g, Options{Size: size, Patience: time.Hour})
		put(s, "a")
		s.Queue()
		s.Queue()
		g.set(size > 0)
		put(s, "b")
		put(s, "c")
		g.set(false)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if got := g.written(); got != "a b c" || !g.closed {
			t.Errorf("size %d: got %q, closed: %v", size, got, g.closed)
		}
	}
}

// TestHang has one write hang: the others go on, all is written in order, and
// then the file has units at once again. It happens twice.
func TestHang(t *testing.T) {
	g := newGate(false)
	s := New(g, quick)
	want := "0"
	put(s, "0")
	for range 2 {
		g.set(true)
		var held sync.WaitGroup
		held.Go(func() { put(s, "held") })
		g.awaitInside(t)
		for i := range 100 {
			if !put(s, fmt.Sprint(i)) {
				t.Fatalf("no room for unit %d", i)
			}
			if i == 0 {
				want += " held"
			}
			want += fmt.Sprint(" ", i)
		}
		if !s.Behind() {
			t.Error("it is not behind")
		}
		g.set(false)
		held.Wait()
		await(t, "all units", func() bool { return !s.Behind() })
		put(s, "direct")
		want += " direct"
		if got := g.written(); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestHangUnderLoad has many callers, of whom each puts its units in order,
// while the file hangs now and then.
func TestHangUnderLoad(t *testing.T) {
	g := newGate(false)
	s := New(g, quick)
	stop := make(chan struct{})
	var hanging, callers sync.WaitGroup
	hanging.Go(func() {
		for shut := true; ; shut = !shut {
			select {
			case <-stop:
				g.set(false)
				return
			case <-time.After(15 * time.Millisecond):
				g.set(shut)
			}
		}
	})
	const each = 300
	for c := range 8 {
		callers.Go(func() {
			for i := range each {
				put(s, fmt.Sprintf("%d/%d", c, i))
				time.Sleep(50 * time.Microsecond)
			}
		})
	}
	callers.Wait()
	close(stop)
	hanging.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next := make(map[int]int)
	for _, text := range g.text {
		var c, i int
		fmt.Sscanf(text, "%d/%d", &c, &i)
		if i != next[c] {
			t.Fatalf("unit %d of caller %d comes where %d is due", i, c, next[c])
		}
		next[c]++
	}
	for c := range 8 {
		if next[c] != each {
			t.Errorf("%d units of caller %d", next[c], c)
		}
	}
}

// TestStalls never waits for an output that stalls by nature.
func TestStalls(t *testing.T) {
	g := newGate(true)
	o := quick
	o.Stalls, o.Patience = true, time.Hour
	s := New(g, o)
	put(s, "a")
	g.awaitInside(t)
	put(s, "b")
	g.set(false)
	await(t, "both", func() bool { return g.written() == "a b" })
	put(s, "c")
	if err := s.Close(); err != nil || g.written() != "a b c" || !g.closed {
		t.Errorf("%v, %q, closed: %v", err, g.written(), g.closed)
	}
}

// TestLeftOut counts what the queue has no room for, and marks it where it is
// missing: in the middle, and at the end.
func TestLeftOut(t *testing.T) {
	g := newGate(true)
	s := New(g, Options{Size: 4 * (1 + 64), Stalls: true})
	put(s, "0")
	g.awaitInside(t)
	for i, want := range []bool{true, true, true, true, false, false, false} {
		if got := put(s, fmt.Sprint(i+1)); got != want {
			t.Errorf("unit %d was taken: %v", i+1, got)
		}
	}
	s.turn.Lock() // the queue is half empty
	s.queue.pop()
	s.queue.pop()
	s.turn.Unlock()
	if put(s, "not yet") {
		t.Error("it is not half empty with another one")
	}
	s.turn.Lock()
	s.queue.pop()
	s.turn.Unlock()
	if !put(s, "8") {
		t.Error("there is room again")
	}
	put(s, "9") // the mark takes room too
	put(s, "ten")
	g.set(false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := g.written(), "0 4 [4/10] 8 [2/4]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n, bytes := s.LeftOut(); n != 6 || bytes != 14 {
		t.Errorf("%d with %d bytes", n, bytes)
	}
}

// TestLarge takes a unit that is larger than the queue if that is empty.
func TestLarge(t *testing.T) {
	g := newGate(true)
	s := New(g, Options{Size: 1, Stalls: true})
	put(s, "0")
	g.awaitInside(t)
	if !put(s, strings.Repeat("x", 1000)) || put(s, "y") {
		t.Error("a large unit has to be alone, and taken")
	}
	g.set(false)
	if err := s.Close(); err != nil || !strings.HasSuffix(g.written(), "xx [1/1]") {
		t.Errorf("%v, %.20q", err, g.written())
	}
}

// TestCloseStalled gives up an output that does not move, whoever is in it, and
// closes it when it does.
func TestCloseStalled(t *testing.T) {
	for _, stalls := range []bool{false, true} {
		g := newGate(true)
		o := quick
		o.Stalls = stalls
		s := New(g, o)
		go put(s, "a")
		g.awaitInside(t)
		put(s, "bc")
		put(s, "d")
		if err := s.Close(); !errors.Is(err, ErrStalled) {
			t.Errorf("stalls %v: %v", stalls, err)
		}
		if n, bytes := s.LeftOut(); n != 2 || bytes != 3 {
			t.Errorf("stalls %v: %d with %d bytes were left out", stalls, n, bytes)
		}
		g.set(false)
		<-s.done
		if got := g.written(); got != "a" || !g.closed {
			t.Errorf("stalls %v: %q, closed: %v", stalls, got, g.closed)
		}
	}
}

// stepper is a writer whose calls each wait for a token.
type stepper struct {
	strings.Builder
	tokens chan struct{}
}

func (w *stepper) Write(b []byte) (int, error) {
	<-w.tokens
	return w.Builder.Write(b)
}

// pieces is an Output that writes in pieces.
type pieces struct {
	*gate
	p *Pieces
}

func (o pieces) Write(u Unit) error {
	_, err := o.p.Write(u.Data)
	return err
}

// TestPieces sees an output move within a unit.
func TestPieces(t *testing.T) {
	w := &stepper{tokens: make(chan struct{})}
	out := pieces{newGate(false), NewPieces(w)}
	s := New(out, Options{Size: 1 << 20, Stalls: true, Moved: out.p.Count})
	large := strings.Repeat("x", 3*65536+1)
	put(s, large)
	for range 4 {
		before := s.progress()
		w.tokens <- struct{}{}
		await(t, "progress", func() bool { return s.progress() != before })
	}
	if err := s.Close(); err != nil || w.String() != large {
		t.Errorf("%v, %d bytes of %d", err, w.Len(), len(large))
	}
}

// TestFailed tells of the first error, and writes nothing after it.
func TestFailed(t *testing.T) {
	for _, stalls := range []bool{false, true} {
		full := errors.New("full")
		told := make(chan error, 10)
		g := newGate(false)
		o := quick
		o.Stalls, o.Failed = stalls, func(err error) { told <- err }
		s := New(g, o)
		g.err = full
		put(s, "a")
		if err := <-told; err != full {
			t.Errorf("told of %v", err)
		}
		put(s, "bc")
		if n, bytes := s.LeftOut(); n != 2 || bytes != 3 {
			t.Errorf("%d left out, with %d bytes", n, bytes)
		}
		if err := s.Close(); err != full || s.Err() != full || len(told) > 0 || !g.closed {
			t.Errorf("%v, %v, told %d more, closed: %v", err, s.Err(), len(told), g.closed)
		}
	}
}

// TestFailedBehindQueue counts what waits when the output fails.
func TestFailedBehindQueue(t *testing.T) {
	g := newGate(true)
	s := New(g, Options{Size: 1 << 20, Stalls: true})
	put(s, "a")
	g.awaitInside(t)
	put(s, "bc")
	put(s, "def")
	g.mu.Lock()
	g.err = errors.New("full")
	g.mu.Unlock()
	g.set(false)
	if err := s.Close(); err == nil {
		t.Error("no error")
	}
	if n, bytes := s.LeftOut(); n != 3 || bytes != 6 {
		t.Errorf("%d left out, with %d bytes", n, bytes)
	}
}

// panics is an Output that does.
type panics struct{ *gate }

func (panics) Write(Unit) error { panic("here") }

func TestPanic(t *testing.T) {
	s := New(panics{newGate(false)}, quick)
	put(s, "a")
	put(s, "b")
	if err := s.Close(); err == nil || err.Error() != "panic: here" {
		t.Error(err)
	}
}

func TestKinds(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !Stalls(w) || Stalls(f) || Stalls(new(strings.Builder)) {
		t.Errorf("pipe %v, file %v, memory %v", Stalls(w), Stalls(f), Stalls(new(strings.Builder)))
	}
}

// discard is an Output that takes no time.
type discard struct{}

func (discard) Write(Unit) error    { return nil }
func (discard) Gap(_, _ int64) Unit { return Unit{} }
func (discard) Close() error        { return nil }

// BenchmarkPut is what a Spool costs beside the write itself.
func BenchmarkPut(b *testing.B) {
	u := Unit{Data: make([]byte, 1000), N: 1}
	for _, c := range []struct {
		name string
		o    Options
	}{{"waits", Options{}}, {"file", Options{Size: 64 << 20}}, {"pipe", Options{Size: 64 << 20, Stalls: true}}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			s := New(discard{}, c.o)
			for b.Loop() {
				s.Put(u)
			}
			s.Close()
		})
	}
}

// broken is an Output that panics.
type broken struct{ *gate }

func (broken) Write(Unit) error { panic("odd") }
func (broken) Close() error     { panic("odd end") }

// TestPanics has an output fail that panics, wherever it does.
func TestPanics(t *testing.T) {
	for _, o := range []Options{{}, {Size: 1 << 20}, {Size: 1 << 20, Stalls: true}} {
		var told []error
		o.Failed = func(err error) { told = append(told, err) }
		s := New(broken{newGate(false)}, o)
		put(s, "a")
		await(t, "the failure", func() bool { return s.Err() != nil })
		if err := s.Close(); err == nil || err.Error() != "panic: odd" || len(told) != 1 {
			t.Errorf("%+v: %v, told %v", o, err, told)
		}
		s = New(broken{newGate(false)}, o)
		if err := s.Close(); err == nil || err.Error() != "panic: odd end" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
