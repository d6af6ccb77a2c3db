package flow

import (
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// ErrStalled says that an output did not take what was queued.
var ErrStalled = errors.New("output stalled")

// live stands before a sink whose output may be slow, such as a terminal that was
// stopped. One goroutine of its own is the only one that calls the sink.
type live struct {
	backlog
	sink  *guard
	keeps bool // the sink keeps what it is given
	// unflushed says that the sink was given something since it was flushed. It is of
	// the goroutine.
	unflushed bool
	grace     time.Duration
	done      chan struct{} // closed when the goroutine has ended
	once      sync.Once
	err       error // of close
}

// newLive returns a live in front of g and starts its goroutine, which ends with
// close.
func newLive(g *guard, keeps bool, d Delivery) *live {
	l := &live{sink: g, keeps: keeps, grace: d.Grace, done: make(chan struct{})}
	l.init(d)
	go l.deliver()
	return l
}

// deliver is the goroutine that owns the sink.
func (l *live) deliver() {
	defer close(l.done)
	var used *item
	for {
		if l.deliverTick() {
			continue
		}
		i, last := l.take(used)
		used = nil
		switch {
		case i != nil:
			l.sink.event(i.ev, i.exchange())
			l.unflushed = true
			l.checkSink(i)
			if !l.keeps {
				*i, used = item{}, i
			}
		case last:
			l.sink.close()
			return
		default:
			l.rest()
		}
	}
}

// settled is how long a queue has been empty when its sink writes what it has put
// together, or holds back for what may come next: longer than the parts of an
// exchange are apart that belong together, shorter than people notice.
const settled = 20 * time.Millisecond

// rest waits until there is something to do. When nothing has come for a moment, the
// sink writes what it has.
func (l *live) rest() {
	if l.unflushed && l.sink.flushes() {
		pause := time.NewTimer(settled)
		defer pause.Stop()
		select {
		case <-l.wake:
			return
		case <-pause.C:
			l.sink.flush()
			l.checkSink(nil)
		}
	}
	l.unflushed = false
	<-l.wake
}

// deliverTick tells the sink the time, if that is due.
func (l *live) deliverTick() bool {
	l.mu.Lock()
	now, open, due := l.tick.take()
	l.mu.Unlock()
	if !due {
		return false
	}
	l.sink.tick(now, open.all)
	l.mu.Lock()
	l.tick.done()
	l.mu.Unlock()
	l.checkSink(nil)
	return true
}

// checkSink ends delivery to a sink that has failed, with i if that is not nil: it
// is left out then, and so is what comes behind it.
func (l *live) checkSink(i *item) {
	if !l.sink.dead.Load() {
		return
	}
	if i != nil {
		l.mu.Lock()
		l.leaveOut(i.ev, i.size)
		l.mu.Unlock()
	}
	l.discard()
}

// told has the sink be told the time, and what is open, unless it is behind with
// that.
func (l *live) told(now time.Time, open iter.Seq[*wire.Exchange]) {
	memory, ok := l.makeTick()
	if !ok {
		return
	}
	s := snap(memory, open) // it locks connections, which may wait for room here
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick.wait(now, s)
	l.rouse()
}

// makeTick begins a tick, unless there is one, or none is wanted any more.
func (l *live) makeTick() (snapshot, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.dead {
		return nil, false
	}
	return l.tick.make()
}

// close delivers what is queued and closes the sink. It gives up, and returns
// ErrStalled, when the output takes nothing for the grace time; what was queued
// then counts as left out, and the sink is closed when it returns from its call,
// if ever.
func (l *live) close() error {
	l.once.Do(func() { l.err = l.drain() })
	return l.err
}

func (l *live) drain() error {
	l.backlog.close()
	timer := time.NewTicker(l.grace)
	defer timer.Stop()
	for last := l.progress(); ; {
		select {
		case <-l.done:
			return nil
		case <-timer.C:
			now := l.progress()
			if now == last {
				l.discard()
				return ErrStalled
			}
			last = now
		}
	}
}
