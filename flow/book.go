package flow

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// Options say what is around a Book.
type Options struct {
	// Mask returns what may be shown of an event: the event, or another in its
	// place. Where there are neither sinks nor a filter it is not called. If it
	// panics, nothing more is shown of that connection. Nil: all may be shown.
	Mask func(wire.Event) wire.Event
	// Learn adds to an exchange what an event of it tells: its subject, its details
	// and its outcome. What it adds is charged to Memory. It is called after Mask,
	// before any sink sees the event, and for events of one connection in order. Nil:
	// nobody does.
	Learn func(wire.Event, *wire.Exchange)
	// Explain says in plain words what exchanges and connections are for: it sets Said
	// of an exchange, when its request has come and when it has ended, and Story of a
	// Close, whose exchange is nil. It is called behind Learn, for connections at once,
	// and charged to Memory as that is. Nil: nothing is said.
	Explain func(wire.Event, *wire.Exchange)
	// Filter says of which exchanges sinks are told; of a connection they are told
	// with the first of those. What must wait for its verdict is bounded, for each
	// exchange and by Memory: an Anomaly of code Unshown stands where events are left
	// out. Nil: they are told of all.
	Filter wire.Filter
	// Failed is called, in whichever goroutine, once for each sink that fails, and
	// once, by the name Masking, for Mask, and by the name Filtering, for Filter with
	// each Verdict. It must not close anything.
	Failed func(name string, err error)
	// Memory, if not nil, bounds what is held of exchanges that are open, with
	// whatever else shares it. An exchange that finds it spent is told without
	// fields and bodies, and an Anomaly of code Spent says so.
	Memory *memory.Budget
	// Still says that the source is at rest: no time passes in it.
	Still bool
	// Unhurried says that the source waits for its sinks, however long they take,
	// and so does Close. Otherwise Close may be called while a connection is held
	// within an event, by a sink that hangs or by whoever sends it.
	Unhurried bool
	// Every is how often sinks are told the time; 0 is 250 ms.
	Every time.Duration
}

// Book knows all open exchanges, and tells sinks of them. Event may be called
// concurrently; events of one connection come in order and one at a time.
type Book struct {
	o       Options
	outlets []*Outlet
	holds   bool // a sink keeps records; a queue has snapshots
	ticks   bool // a sink wants to be told the time
	locks   bool // connections are locked while they have an event
	counter counter
	conns   sync.Map // *wire.Conn → *conn, of those that are open
	// last is the connection of the last event: the next is likely to be of the
	// same.
	last   atomic.Pointer[conn]
	unable atomic.Bool // Options.Mask has failed
	// unfit says that Options.Filter has failed, with each verdict.
	unfit  [wire.Hidden + 1]atomic.Bool
	sieves sync.Pool // of *sieve, to be used again

	mu     sync.Mutex // guards what follows; taken after that of a conn
	clock  clock
	ticker *ticker // nil: nobody is told the time
	closed bool
}

// New returns a Book without sinks.
func New(o Options) *Book {
	if o.Failed == nil {
		o.Failed = func(string, error) {}
	}
	if o.Every <= 0 {
		o.Every = defaultEvery
	}
	return &Book{o: o, locks: !o.Unhurried}
}

// Add adds a sink, before the first event. name is what it is called when it
// fails.
func (b *Book) Add(name string, s wire.Sink, d Delivery) *Outlet {
	o := newOutlet(s, d, func(err error) { b.o.Failed(name, err) })
	b.outlets = append(b.outlets, o)
	b.holds = b.holds || o.needs.Keeps && o.live == nil
	b.ticks = b.ticks || o.ticks()
	b.locks = b.locks || b.ticks
	return o
}

// Needs returns what all sinks, and the filter, need together.
func (b *Book) Needs() wire.Needs {
	n := wire.Needs{Concurrent: true}
	if b.o.Filter != nil {
		n = b.o.Filter.Needs()
		n.Concurrent = true // there is a judge for each connection
	}
	if b.o.Explain != nil {
		n = n.Union(wire.Needs{Lines: true, Fields: true, Telling: true, Concurrent: true})
	}
	for _, o := range b.outlets {
		n = n.Union(o.needs)
	}
	return n
}

// idle says whether nobody looks at events.
func (b *Book) idle() bool { return len(b.outlets) == 0 && b.o.Filter == nil }

// Counts returns what was seen so far. Exchanges that are open do not count.
func (b *Book) Counts() Counts { return b.counter.counts() }

// conn returns what is known of w.
func (b *Book) conn(w *wire.Conn) *conn {
	if c := b.last.Load(); c != nil && c.wire == w {
		return c
	}
	known, ok := b.conns.Load(w)
	if !ok {
		known, _ = b.conns.LoadOrStore(w, newConn(w, b.ticks, b.o.Filter != nil, b.o.Memory))
	}
	c := known.(*conn)
	b.last.Store(c)
	return c
}
