package flow

import (
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// guard stands before a sink. Its first error, or panic, is told, and is the last
// that is heard of it.
type guard struct {
	sink   wire.Sink
	ticker wire.Ticker // the sink, if it is one
	failed func(error) // is told, once
	dead   atomic.Bool // the sink has failed

	missed, missedBytes atomic.Int64 // events that it has not got since, and the traffic in them
}

func newGuard(s wire.Sink, failed func(error)) *guard {
	t, _ := s.(wire.Ticker)
	return &guard{sink: s, ticker: t, failed: failed}
}

// event gives the sink an event.
func (g *guard) event(ev wire.Event, x *wire.Exchange) {
	if g.dead.Load() {
		g.miss(ev)
		return
	}
	if err := g.tryEvent(ev, x); err != nil {
		g.fail(err)
		g.miss(ev)
	}
}

// miss counts an event that the sink, which has failed, lacks.
func (g *guard) miss(ev wire.Event) {
	g.missed.Add(1)
	g.missedBytes.Add(int64(wire.DataBytes(ev)))
}

func (g *guard) tryEvent(ev wire.Event, x *wire.Exchange) (err error) {
	defer rescue(&err)
	return g.sink.Event(ev, x)
}

// tick tells a sink that is a Ticker the time, and what is open.
func (g *guard) tick(now time.Time, open iter.Seq[*wire.Exchange]) {
	if g.dead.Load() {
		return
	}
	if err := g.tryTick(now, open); err != nil {
		g.fail(err)
	}
}

func (g *guard) tryTick(now time.Time, open iter.Seq[*wire.Exchange]) (err error) {
	defer rescue(&err)
	return g.ticker.Tick(now, open)
}

// close closes the sink, even if it has failed. What a call returns that was under
// way is told to nobody.
func (g *guard) close() {
	if err := g.tryClose(); err != nil {
		g.fail(err)
	}
	g.dead.Store(true)
}

func (g *guard) tryClose() (err error) {
	defer rescue(&err)
	return g.sink.Close()
}

// fail gives the sink up.
func (g *guard) fail(err error) {
	if !g.dead.Swap(true) {
		g.failed(err)
	}
}

// rescue makes an error of a panic.
func rescue(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v", r)
	}
}

// flusher is a sink that puts together what it writes, such as a Buffered, or holds
// it back for what may come next.
type flusher interface{ Flush() error }

// flushes says whether the sink is one.
func (g *guard) flushes() bool {
	_, is := g.sink.(flusher)
	return is
}

// flush has the sink write what it has put together.
func (g *guard) flush() {
	f, ok := g.sink.(flusher)
	if !ok || g.dead.Load() {
		return
	}
	if err := g.tryFlush(f); err != nil {
		g.fail(err)
	}
}

func (g *guard) tryFlush(f flusher) (err error) {
	defer rescue(&err)
	return f.Flush()
}
