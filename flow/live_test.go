package flow

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// gate is a sink that can be held: while it is, Event does not return.
type gate struct {
	timed
	held sync.Mutex
	err  error
	got  chan struct{} // one for each call of Event, before it may wait
}

func newGate() *gate {
	g := &gate{got: make(chan struct{}, 100_000)}
	g.event = func(wire.Event) error {
		g.got <- struct{}{}
		g.held.Lock()
		defer g.held.Unlock()
		return g.err
	}
	return g
}

// summary is what was delivered: the indexes of messages, and as a negative
// number how many were left out.
func (g *gate) summary() (indexes []int, dropped int64) {
	for _, got := range g.events() {
		switch ev := got.ev.(type) {
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

// behind adds g to a new book, behind a queue.
func behind(g *gate, d Delivery, f *failures) (*Book, *Outlet) {
	b := New(Options{Failed: f.failed})
	d.Queued = true
	return b, b.Add("gate", g, d)
}

func TestLiveDelivers(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{}, new(failures))
	borrowed := message(0, 3)
	for i := range 1000 {
		borrowed.Index = i
		b.Event(borrowed)
	}
	borrowed.Index = -1
	if err := o.Close(); err != nil {
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

// TestLiveSnapshots tells beside each event what was known when it came, however
// late it is delivered.
func TestLiveSnapshots(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{}, new(failures))
	g.held.Lock()
	c := dial(1)
	for n := 1; n < 4; n++ {
		for _, ev := range small(c, n) {
			b.Event(ev)
		}
	}
	g.held.Unlock()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	for i, got := range g.events() {
		x := got.x
		if x == nil || x.Exchange != 1+i/4 || x.Request == nil || (x.Response != nil) != (i%4 > 0) || (x.ResponseBody != nil) != (i%4 > 1) {
			t.Errorf("event %d, %T: %+v", i, got.ev, x)
		}
		if last, ok := got.ev.(*wire.Exchange); ok != (i%4 == 3) || ok && last != x {
			t.Errorf("event %d: %T", i, got.ev)
		}
	}
}

// TestLiveDrops fills the queue while the output is held: what does not fit is
// left out, and a Dropped stands in its place, once there is room again.
func TestLiveDrops(t *testing.T) {
	for _, d := range []Delivery{{Events: 4}, {Events: 100, Bytes: 4 * (itemRoom + 10)}} {
		g := newGate()
		b, o := behind(g, d, new(failures))
		g.held.Lock()
		b.Event(message(0, 10))
		<-g.got // 0 is with the sink, the queue is empty
		for i := 1; i <= 20; i++ {
			b.Event(message(i, 10))
		}
		if events, bytes := o.Dropped(); events != 16 || bytes != 160 {
			t.Errorf("%+v: dropped %d events of %d bytes, want 16 of 160", d, events, bytes)
		}
		g.held.Unlock()
		for range 5 {
			<-g.got // 1 to 4, and the gap that stands after them
		}
		b.Event(message(21, 10))
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		want := []int{0, 1, 2, 3, 4, -16, 21}
		got, _ := g.summary()
		if len(got) != len(want) {
			t.Fatalf("%+v: got %v, want %v", d, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%+v: got %v, want %v", d, got, want)
			}
		}
	}
}

func TestLiveTakesOneLargeEvent(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{Bytes: itemRoom + 10}, new(failures))
	b.Event(message(0, 1000))
	o.Close()
	if got, dropped := g.summary(); len(got) != 1 || dropped != 0 {
		t.Errorf("got %v, %d dropped", got, dropped)
	}
}

func TestLiveBlocks(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{Events: 2, Block: true}, new(failures))
	g.held.Lock()
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() { b.Event(message(i, 1)) })
	}
	<-g.got
	g.held.Unlock()
	wait.Wait()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if got, dropped := g.summary(); len(got) != 50 || dropped != 0 {
		t.Errorf("%d events, %d dropped, want all 50", len(got), dropped)
	}
}

// TestLiveSinkFails lets nobody wait for a sink that has failed.
func TestLiveSinkFails(t *testing.T) {
	for _, block := range []bool{false, true} {
		g := newGate()
		g.err = errBroken
		var f failures
		b, o := behind(g, Delivery{Events: 1, Block: block}, &f)
		for i := range 100 {
			b.Event(message(i, 1))
		}
		if err := o.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if got, _ := g.summary(); len(got) != 1 || g.closes != 1 {
			t.Errorf("%d events after the failure, %d closes", len(got)-1, g.closes)
		}
		if got := f.told(); len(got) != 1 || got[0] != "gate: broken" {
			t.Errorf("told %q", got)
		}
	}
}

func TestLiveStalls(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{Grace: 20 * time.Millisecond}, new(failures))
	g.held.Lock()
	for i := range 10 {
		b.Event(message(i, 1))
	}
	<-g.got
	if err := o.Close(); !errors.Is(err, ErrStalled) {
		t.Errorf("got %v, want ErrStalled", err)
	}
	if events, _ := o.Dropped(); events != 9 {
		t.Errorf("%d events dropped, want the 9 that were queued", events)
	}
	g.held.Unlock()
	<-o.live.done // the sink is closed as soon as it is free
	if g.closes != 1 {
		t.Errorf("closed %d times", g.closes)
	}
	if err := o.Close(); !errors.Is(err, ErrStalled) {
		t.Errorf("closed again: %v", err)
	}
}

func TestQueue(t *testing.T) {
	var q queue
	pushed, popped := 0, 0
	for round := range 200 {
		for range round % 7 {
			q.push(message(pushed, 2), nil, 1, 2)
			pushed++
		}
		for range min(round%5, q.len()) {
			i := q.pop()
			if got := i.ev.(*wire.Message).Index; got != popped {
				t.Fatalf("got %d, want %d", got, popped)
			}
			*i = item{}
			q.reuse(i)
			popped++
		}
		if q.len() != pushed-popped || q.bytes != 2*q.len() {
			t.Fatalf("%d events of %d bytes, want %d", q.len(), q.bytes, pushed-popped)
		}
	}
	var one queue
	spare := new(item)
	if one.reuse(spare); one.unused() != spare {
		t.Error("the only item that is not used is not used again")
	}
	for i, held := range q.items {
		if (held == nil) != (i < q.head) {
			t.Errorf("item %d of those from %d on: %v", i, q.head, held)
		}
	}
	if cap(q.items) > 4*q.len() {
		t.Errorf("memory for %d events is kept for %d", cap(q.items), q.len())
	}
}

// BenchmarkLive measures the time from Event to the sink.
func BenchmarkLive(b *testing.B) {
	g := newGate()
	book, o := behind(g, Delivery{}, new(failures))
	m := message(0, 100)
	b.ReportAllocs()
	for b.Loop() {
		book.Event(m)
		<-g.got
	}
	o.Close()
}
