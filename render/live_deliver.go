package render

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// deliver is the goroutine that owns the sink.
func (l *Live) deliver() {
	defer close(l.done)
	var ticks <-chan time.Time
	ticker, _ := l.sink.(Ticker)
	if ticker != nil && l.o.Tick > 0 {
		t := time.NewTicker(l.o.Tick)
		defer t.Stop()
		ticks = t.C
	}
	var traffic trafficClock
	for {
		select {
		case now := <-ticks:
			l.tick(ticker, traffic.at(now))
			continue
		default:
		}
		ev, last := l.pop()
		switch {
		case ev != nil:
			if ticks != nil {
				traffic.see(ev, time.Now())
			}
			l.give(ev)
		case last:
			l.finish()
			return
		default:
			select {
			case <-l.wake:
			case now := <-ticks:
				l.tick(ticker, traffic.at(now))
			}
		}
	}
}

// trafficClock tells the time of the traffic: that of its latest event, and from there on
// as time goes by. It is what the clock on the wall says for live traffic, and
// what that said once for captures.
type trafficClock struct {
	latest time.Time // of the traffic
	seen   time.Time // when that was seen
}

// see notes that an event came now. Events of a connection may be older than
// those of another, but a connection that opens begins a capture, maybe an older
// one, or is the latest there is.
func (c *trafficClock) see(ev wire.Event, now time.Time) {
	_, opens := ev.(*wire.Open)
	if t := ev.EventMeta().End; t.After(c.latest) || opens && !t.IsZero() {
		c.latest, c.seen = t, now
	}
}

// at returns the time of the traffic when the clock on the wall says now.
func (c *trafficClock) at(now time.Time) time.Time {
	if c.latest.IsZero() {
		return now
	}
	return c.latest.Add(now.Sub(c.seen))
}

// pop takes the oldest event from the queue, nil if there is none; last says
// that none will come.
func (l *Live) pop() (ev wire.Event, last bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue.len() == 0 && !l.dead {
		l.closeGap()
	}
	if l.queue.len() == 0 {
		return nil, l.closed
	}
	ev = l.queue.pop()
	if l.o.Block {
		l.room.Broadcast()
	}
	return ev, false
}

// give delivers one event.
func (l *Live) give(ev wire.Event) {
	err := l.sink.Event(ev)
	l.mu.Lock()
	l.delivered++
	l.mu.Unlock()
	l.failed(err)
}

// tick tells the sink the time.
func (l *Live) tick(t Ticker, now time.Time) {
	l.mu.Lock()
	dead := l.dead
	l.mu.Unlock()
	if !dead {
		l.failed(t.Tick(now))
	}
}

// failed ends delivery if err is one.
func (l *Live) failed(err error) {
	if err == nil {
		return
	}
	l.mu.Lock()
	first := !l.dead
	l.discard()
	l.mu.Unlock()
	if first {
		l.report(err)
	}
}

// report tells of an error of the sink, or keeps it for Close.
func (l *Live) report(err error) {
	if l.o.Failed != nil {
		l.o.Failed(err)
		return
	}
	l.err = err
}

// finish closes the sink.
func (l *Live) finish() {
	if err := l.sink.Close(); err != nil && l.err == nil {
		l.err = err
	}
}
