package lanes

import (
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/wire"
)

// Options say what is done in lanes, and who is told.
type Options struct {
	// Lanes is how many goroutines decode; 0 is 1.
	Lanes int
	// Decode returns what decodes c: a tap that calls emit, before its methods return.
	// Both are called in a lane, and so are the methods of its place in the order. What it
	// emits is not used again by who emits it, but for Messages.
	Decode func(c *wire.Conn, o Order, emit func(wire.Event)) wire.Tap
	// Tell returns what is told the events of c, one at a time with those of all others.
	// Messages are valid during the call only. It is called when c begins to be told.
	Tell func(c *wire.Conn) func(wire.Event)
	// Numbers numbers the connections as they are told.
	Numbers *wire.Numbers
	// Scarce reports whether so much memory is in use that what decoders keep may depend on
	// it: then each operation waits for those before it. It may be called by all lanes at
	// once. Nil: it never is.
	Scarce func() bool
}

// Order is the order in which things are told, for who decodes a connection and may be
// ahead of it.
type Order interface {
	// Await waits until all was told that comes before what is being decoded, which is told
	// at once from then on, until its end: nobody else tells meanwhile.
	Await()
	// Later has Told called when what was emitted so far was told, by whoever does that.
	Later(interface{ Told() })
}

// Lanes decodes connections. Tap, the taps, Wait and Close are for one goroutine, who
// reads the capture.
type Lanes struct {
	o     Options
	lanes []*lane
	free  chan *round // those that are empty
	full  chan *round // for the teller, in order
	round *round      // that is being filled; nil: none is
	next  int64       // number of the next operation
	ended sync.WaitGroup

	told    atomic.Int64 // number of the operation that is told next
	waiting atomic.Int64 // how many wait for it to change
	mu      sync.Mutex   // guards what lanes have published
	moved   sync.Cond    // of mu: a lane, or told, has moved on
}

// rounds is how many there are: one that is filled, one that is told, and some that are
// on their way, so that nobody waits for a lane that has a little more to do.
const rounds = 6

// New starts the lanes, which end with Close.
func New(o Options) *Lanes {
	l := &Lanes{o: o, free: make(chan *round, rounds), full: make(chan *round, rounds)}
	l.moved.L = &l.mu
	for i := range max(o.Lanes, 1) {
		l.lanes = append(l.lanes, &lane{all: l, number: i, in: make(chan *round, rounds)})
	}
	for range rounds {
		l.free <- newRound(len(l.lanes))
	}
	l.ended.Add(len(l.lanes) + 1)
	for _, lane := range l.lanes {
		go lane.run()
	}
	go l.tell()
	return l
}

// Tap returns a tap for c, which has it decoded.
func (l *Lanes) Tap(c *wire.Conn) wire.Tap {
	t := &tap{all: l, conn: c, last: -1}
	l.add(t, operation{kind: begin})
	return t
}

// Wait waits until all was told that came so far.
func (l *Lanes) Wait() {
	l.send()
	l.await(l.next)
}

// Close waits for the rest, and ends the lanes.
func (l *Lanes) Close() {
	l.Wait()
	for _, lane := range l.lanes {
		close(lane.in)
	}
	close(l.full)
	l.ended.Wait()
}

// add adds an operation of t. Its data is copied.
func (l *Lanes) add(t *tap, op operation) {
	if l.round == nil {
		l.round = <-l.free
		l.round.first = l.next
	}
	r := l.round
	t.choose(r)
	op.tap, op.lane = t, t.lane
	t.last = l.next
	l.next++
	if r.add(op); r.full() {
		l.send()
	}
}

// send gives the round, if there is one, to the lanes and the teller.
func (l *Lanes) send() {
	r := l.round
	if r == nil {
		return
	}
	l.round = nil
	for i, lane := range l.lanes {
		if len(r.work[i].mine) > 0 {
			lane.in <- r
		}
	}
	l.full <- r
}

// await waits until all operations before n have been told.
func (l *Lanes) await(n int64) {
	if l.told.Load() >= n {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	for l.told.Load() < n {
		l.moved.Wait()
	}
}
