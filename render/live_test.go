package render

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// gate is a sink that can be held: while it is, Event does not return.
type gate struct {
	mu     sync.Mutex
	held   sync.Mutex
	err    error
	events []wire.Event
	ticks  int
	told   time.Time // with the last of them
	closes int
	got    chan struct{} // one for each call of Event, before it may wait
}

func newGate() *gate { return &gate{got: make(chan struct{}, 100_000)} }

func (g *gate) Event(ev wire.Event) error {
	g.got <- struct{}{}
	g.held.Lock()
	defer g.held.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.events = append(g.events, ev)
	return g.err
}

func (g *gate) Tick(now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ticks++
	g.told = now
	return nil
}

func (g *gate) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closes++
	return nil
}

// summary is what a delivered event was.
func (g *gate) summary() (indexes []int, dropped int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, ev := range g.events {
		switch ev := ev.(type) {
		case *wire.Message:
			indexes = append(indexes, ev.Index)
		case *wire.Dropped:
			indexes = append(indexes, -int(ev.Events))
			dropped += ev.Events
		}
	}
	return indexes, dropped
}

func message(i, size int) *wire.Message {
	return &wire.Message{Kind: wire.KindRaw, Index: i, Data: make([]byte, size), Size: int64(size)}
}

func TestLiveDelivers(t *testing.T) {
	g := newGate()
	l := NewLive(g, LiveOptions{})
	borrowed := message(0, 3)
	for i := range 1000 {
		borrowed.Index = i
		l.Event(borrowed)
	}
	borrowed.Index = -1
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	indexes, dropped := g.summary()
	if len(indexes) != 1000 || dropped != 0 || g.closes != 1 {
		t.Fatalf("%d events, %d dropped, %d closes", len(indexes), dropped, g.closes)
	}
	for i, got := range indexes {
		if got != i {
			t.Fatalf("event %d is %d: not in order, or not cloned", i, got)
		}
	}
}

// TestLiveDrops fills the queue while the output is held: what does not fit is
// left out, and a Dropped stands in its place, once there is room again.
func TestLiveDrops(t *testing.T) {
	for _, o := range []LiveOptions{{Events: 4}, {Events: 100, Bytes: 4 * 10}} {
		g := newGate()
		l := NewLive(g, o)
		g.held.Lock()
		l.Event(message(0, 10))
		<-g.got // 0 is with the sink, the queue is empty
		for i := 1; i <= 20; i++ {
			l.Event(message(i, 10))
		}
		if events, bytes := l.Dropped(); events != 16 || bytes != 160 {
			t.Errorf("%+v: dropped %d events of %d bytes, want 16 of 160", o, events, bytes)
		}
		g.held.Unlock()
		for range 5 {
			<-g.got // 1 to 4, and the gap that stands after them
		}
		l.Event(message(21, 10))
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		want := []int{0, 1, 2, 3, 4, -16, 21}
		got, _ := g.summary()
		if len(got) != len(want) {
			t.Fatalf("%+v: got %v, want %v", o, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%+v: got %v, want %v", o, got, want)
			}
		}
	}
}

func TestLiveTakesOneLargeEvent(t *testing.T) {
	g := newGate()
	l := NewLive(g, LiveOptions{Bytes: 10})
	l.Event(message(0, 1000))
	l.Close()
	if got, dropped := g.summary(); len(got) != 1 || dropped != 0 {
		t.Errorf("got %v, %d dropped", got, dropped)
	}
}

func TestLiveBlocks(t *testing.T) {
	g := newGate()
	l := NewLive(g, LiveOptions{Events: 2, Block: true})
	g.held.Lock()
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() { l.Event(message(i, 1)) })
	}
	<-g.got
	g.held.Unlock()
	wait.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if got, dropped := g.summary(); len(got) != 50 || dropped != 0 {
		t.Errorf("%d events, %d dropped, want all 50", len(got), dropped)
	}
}

func TestLiveSinkFails(t *testing.T) {
	for _, block := range []bool{false, true} {
		g := newGate()
		g.err = errors.New("broken")
		failed := make(chan error, 10)
		l := NewLive(g, LiveOptions{Events: 1, Block: block, Failed: func(err error) { failed <- err }})
		for i := range 100 {
			if err := l.Event(message(i, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := <-failed; err != g.err {
			t.Errorf("failed with %v", err)
		}
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if got, _ := g.summary(); len(got) != 1 || len(failed) != 0 || g.closes != 1 {
			t.Errorf("%d events after the failure, %d more reports, %d closes", len(got)-1, len(failed), g.closes)
		}
	}
}

func TestLiveErrorFromClose(t *testing.T) {
	g := newGate()
	g.err = errors.New("broken")
	l := NewLive(g, LiveOptions{})
	l.Event(message(0, 1))
	if err := l.Close(); err != g.err {
		t.Errorf("got %v, want the error of the sink", err)
	}
}

func TestLiveStalls(t *testing.T) {
	g := newGate()
	l := NewLive(g, LiveOptions{Grace: 20 * time.Millisecond})
	g.held.Lock()
	for i := range 10 {
		l.Event(message(i, 1))
	}
	<-g.got
	if err := l.Close(); !errors.Is(err, ErrStalled) {
		t.Errorf("got %v, want ErrStalled", err)
	}
	if events, _ := l.Dropped(); events != 9 {
		t.Errorf("%d events dropped, want the 9 that were queued", events)
	}
	g.held.Unlock()
	<-l.done // the sink is closed as soon as it is free
	if g.closes != 1 {
		t.Errorf("closed %d times", g.closes)
	}
}

func TestLiveCloseContext(t *testing.T) {
	g := newGate()
	l := NewLive(g, LiveOptions{Grace: time.Hour})
	g.held.Lock()
	l.Event(message(0, 1))
	<-g.got
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := l.CloseContext(ctx)
	if !errors.Is(err, ErrStalled) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	g.held.Unlock()
	<-l.done
}

// TestLiveTicks is told the time, which is that of the traffic, once there is
// some.
func TestLiveTicks(t *testing.T) {
	g := newGate()
	l := NewLive(g, LiveOptions{Tick: time.Millisecond})
	await := func(what string, met func() bool) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
			g.mu.Lock()
			ok := met()
			g.mu.Unlock()
			if ok {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("the sink was not told %s", what)
			}
		}
	}
	start := time.Now()
	await("the time", func() bool { return g.ticks >= 3 && !g.told.Before(start) })
	l.Event(&wire.EOF{Meta: wire.Meta{End: began}})
	l.Event(&wire.EOF{Meta: wire.Meta{End: began.Add(-time.Hour)}})
	near := func(t time.Time) func() bool {
		return func() bool { return g.told.After(t.Add(10*time.Millisecond)) && g.told.Before(t.Add(time.Minute)) }
	}
	await("that of the traffic", near(began))
	older := began.Add(-24 * time.Hour)
	l.Event(&wire.Open{Meta: wire.Meta{End: older}})
	await("that of another capture", near(older))
	l.Close()
}

func TestQueue(t *testing.T) {
	var q queue
	pushed, popped := 0, 0
	for round := range 200 {
		for range round % 7 {
			q.push(message(pushed, 2))
			pushed++
		}
		for range min(round%5, q.len()) {
			if got := q.pop().(*wire.Message).Index; got != popped {
				t.Fatalf("got %d, want %d", got, popped)
			}
			popped++
		}
		if q.len() != pushed-popped || q.bytes != 2*q.len() {
			t.Fatalf("%d events of %d bytes, want %d", q.len(), q.bytes, pushed-popped)
		}
	}
	if cap(q.events) > 4*q.len() {
		t.Errorf("memory for %d events is kept for %d", cap(q.events), q.len())
	}
}

// BenchmarkLive measures the time from Event to the sink.
func BenchmarkLive(b *testing.B) {
	g := newGate()
	l := NewLive(g, LiveOptions{})
	m := message(0, 100)
	b.ReportAllocs()
	for b.Loop() {
		l.Event(m)
		<-g.got
	}
	l.Close()
}
