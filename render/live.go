package render

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// LiveOptions bound a Live.
type LiveOptions struct {
	Events int           // most events in the queue; 0 is 4096
	Bytes  int           // most traffic in them, in bytes; 0 is 8 MiB; one larger event may be in an empty queue
	Block  bool          // wait for room instead of leaving events out
	Tick   time.Duration // how often a sink that is a Ticker is told the time; 0 is never
	Grace  time.Duration // how long Close waits for an output that does not move; 0 is 2 s
	// Failed is called once, by the goroutine of Live, when the sink fails. It
	// must not call Close.
	Failed func(error)
}

// withDefaults fills in what is not set.
func (o LiveOptions) withDefaults() LiveOptions {
	if o.Events <= 0 {
		o.Events = 4096
	}
	if o.Bytes <= 0 {
		o.Bytes = 8 << 20
	}
	if o.Grace <= 0 {
		o.Grace = 2 * time.Second
	}
	return o
}

// ErrStalled is returned by Close if the output did not take what was queued.
var ErrStalled = errors.New("output stalled")

// Live stands between decoders and a sink whose output may be slow, such as a
// terminal that was stopped. One goroutine of its own is the only one that
// calls the sink. The queue is bounded: what does not fit is left out, counted,
// and told by a Dropped event in its place; or, with Block, is waited for.
type Live struct {
	sink wire.Sink
	o    LiveOptions
	wake chan struct{} // holds one: there is something to do
	done chan struct{} // closed when the goroutine has ended

	mu        sync.Mutex
	room      sync.Cond // of mu: an event has left the queue, or none is awaited any more
	queue     queue
	gap       wire.Dropped // events left out since the last that was taken
	dropped   wire.Dropped // events left out in all
	delivered int          // events given to the sink
	closed    bool         // Close was called
	dead      bool         // the sink failed or was given up: nothing is delivered any more
	err       error        // of the sink
}

// NewLive returns a Live in front of s and starts its goroutine, which ends
// with Close.
func NewLive(s wire.Sink, o LiveOptions) *Live {
	l := &Live{sink: s, o: o.withDefaults(), wake: make(chan struct{}, 1), done: make(chan struct{})}
	l.room.L = &l.mu
	go l.deliver()
	return l
}

// Event queues an event, or a clone of it if it is only borrowed. Any goroutine
// may call it. It waits only with LiveOptions.Block. It returns nil: a sink that
// fails is reported to LiveOptions.Failed.
func (l *Live) Event(ev wire.Event) error {
	size := wire.DataBytes(ev)
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.o.Block && !l.dead && !l.closed && !l.fits(size) {
		l.room.Wait()
	}
	switch {
	case l.dead:
	case l.closed || !l.fits(size):
		l.leaveOut(ev, size)
	default:
		l.closeGap()
		l.push(wire.Clone(ev))
	}
	return nil
}

// fits says whether the queue takes another event of that size. After events
// were left out it has to be half empty first, so that what is left out is one
// long gap and not every other event.
func (l *Live) fits(size int) bool {
	if l.queue.len() == 0 {
		return true
	}
	events, bytes := l.o.Events, l.o.Bytes
	if l.gap.Events > 0 {
		events, bytes = events/2, bytes/2
	}
	return l.queue.len() < events && l.queue.bytes+size <= bytes
}

// push puts an event in the queue.
func (l *Live) push(ev wire.Event) {
	l.queue.push(ev)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// leaveOut counts an event that is not delivered.
func (l *Live) leaveOut(ev wire.Event, size int) {
	m := ev.EventMeta()
	if l.gap.Events == 0 {
		l.gap.Start = m.End
	}
	l.gap.End = m.End
	for _, d := range []*wire.Dropped{&l.gap, &l.dropped} {
		d.Events++
		d.Bytes += int64(size)
	}
}

// closeGap queues the event that stands for those that were left out.
func (l *Live) closeGap() {
	if l.gap.Events > 0 {
		gap := l.gap
		l.gap = wire.Dropped{}
		l.push(&gap)
	}
}

// Dropped returns how many events were left out so far, and how many bytes of
// traffic were in them.
func (l *Live) Dropped() (events, bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped.Events, l.dropped.Bytes
}

// Close is CloseContext without a limit beyond LiveOptions.Grace.
func (l *Live) Close() error { return l.CloseContext(context.Background()) }

// CloseContext delivers what is queued and closes the sink. It gives up, and
// returns an error that is ErrStalled, when the output takes nothing for
// LiveOptions.Grace or ctx ends; what was queued then counts as dropped, and
// the sink is closed when it returns from its call, if ever. An error that Failed was told is not
// returned again. Only one call is allowed.
func (l *Live) CloseContext(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	l.room.Broadcast()
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
	timer := time.NewTicker(l.o.Grace)
	defer timer.Stop()
	for last := l.progress(); ; {
		select {
		case <-l.done:
			return l.err
		case <-ctx.Done():
			return l.giveUp(ctx.Err())
		case <-timer.C:
			now := l.progress()
			if now == last {
				return l.giveUp(nil)
			}
			last = now
		}
	}
}

// progress returns how many events the sink has taken.
func (l *Live) progress() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.delivered
}

// giveUp leaves out what is queued.
func (l *Live) giveUp(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.discard()
	if cause != nil {
		return errors.Join(ErrStalled, cause)
	}
	return ErrStalled
}

// discard empties the queue and takes nothing more.
func (l *Live) discard() {
	for l.queue.len() > 0 {
		ev := l.queue.pop()
		l.leaveOut(ev, wire.DataBytes(ev))
	}
	l.dead = true
	l.room.Broadcast()
}
