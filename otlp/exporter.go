package otlp

import (
	"context"
	"time"

	"github.com/socktrace/socktrace/otlp/disk"
)

// Options say where an Exporter sends to, and how.
type Options struct {
	Endpoints [signalCount]Endpoint
	Resource  [][2]string // attributes
	Version   string      // of this program
	Logs      bool        // log records are sent too
	Metrics   bool        // metrics are
	// Spool keeps what a collector that is away cannot take; nil: there is memory alone.
	// The Exporter closes it.
	Spool  *disk.Store
	Memory int // bytes that wait, of each signal; 0 is 8 MiB
	// Wait says that whoever adds something waits for room, and that a collector that
	// is away is given up some time later.
	Wait bool
	Warn func(error) // tells people something, from any goroutine
}

// defaultMemory is what may wait, in bytes.
const defaultMemory = 8 << 20

// patience is how long it is tried to send one batch, if somebody waits.
const patience = 30 * time.Second

// Exporter sends to a collector. Its methods may be called by several goroutines; none waits
// for the network, unless Options.Wait says so.
type Exporter struct {
	lanes [signalCount]*lane // nil: nothing of that is sent
	own   ownPorts
	spool *disk.Store // nil: there is none
	hurry chan struct{}
	stop  context.CancelFunc
}

// NewExporter returns one that has begun, and ends with Close.
func NewExporter(o Options) *Exporter {
	again := usualRetry
	if o.Wait {
		again.give = patience
	}
	return newExporter(o, again)
}

func newExporter(o Options, again retry) *Exporter {
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Warn == nil {
		o.Warn = func(error) {}
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &Exporter{spool: o.Spool, hurry: make(chan struct{}), stop: stop}
	tell := &teller{warn: o.Warn, told: make(map[string]bool)}
	f := newFrame(o.Resource, o.Version)
	var run []func()
	for s := range signalCount {
		tell.where[s] = o.Endpoints[s].name()
		spooled := o.Spool != nil && s.spools()
		if s == Logs && !o.Logs && !(spooled && o.Spool.Has(s.String())) || s == Metrics && !o.Metrics {
			continue
		}
		l := &lane{
			signal: s, backlog: newBacklog(o.Memory, o.Wait), frame: &f, poster: newPoster(o.Endpoints[s], o.Version, &e.own),
			tell: tell, retry: again, ctx: ctx, hurry: e.hurry, ended: make(chan struct{}),
		}
		if e.lanes[s] = l; spooled {
			tell.kept[s] = true
			k := &keeper{lane: l, store: o.Spool}
			run = append(run, k.run)
		} else {
			run = append(run, l.run)
		}
	}
	for _, f := range run {
		go f()
	}
	return e
}

var _ Output = (*Exporter)(nil)

// Span has a span sent.
func (e *Exporter) Span(message []byte) { e.add(Traces, message) }

// Log has a log record sent.
func (e *Exporter) Log(message []byte) { e.add(Logs, message) }

// Metric has a metric sent.
func (e *Exporter) Metric(message []byte) { e.add(Metrics, message) }

func (e *Exporter) add(s Signal, message []byte) {
	if l := e.lanes[s]; l != nil {
		l.add(message)
	}
}

// Own reports whether a connection comes from the Exporter: its client has the address.
func (e *Exporter) Own(client string) bool { return e.own.has(client) }

// spoolGrace is how long the end waits for a disk, once nothing is sent any more.
const spoolGrace = 2 * time.Second

// Close sends what waits, for some time at most; what could not be sent then is on the disk,
// if there is a spool, or counts as dropped. It must be called once, when nothing is added any
// more.
func (e *Exporter) Close(grace time.Duration) {
	defer e.stop()
	close(e.hurry)
	for _, l := range e.lanes {
		if l != nil {
			l.close()
		}
	}
	late := time.AfterFunc(grace, func() {
		for s, l := range e.lanes {
			if l != nil && !(e.spool != nil && Signal(s).spools()) {
				l.discard()
			}
		}
		e.stop()
	})
	defer late.Stop()
	tooLate := time.NewTimer(grace + spoolGrace)
	defer tooLate.Stop()
	for _, l := range e.lanes {
		if l == nil {
			continue
		}
		select {
		case <-l.ended:
		case <-tooLate.C: // a disk that hangs
			e.abandon()
			return
		}
	}
	if e.spool != nil {
		_ = e.spool.Close() // it has written all
	}
}

// abandon counts what is in memory as dropped, and waits for nobody.
func (e *Exporter) abandon() {
	for _, l := range e.lanes {
		if l == nil {
			continue
		}
		select {
		case <-l.ended:
		default:
			l.abandon()
		}
	}
}

// Counts are what became of the items of a signal: Kept are those in the spool, also from
// before this start; they are neither sent nor lost.
type Counts struct{ Sent, Rejected, Dropped, Kept int64 }

// Lost returns how many the collector does not have, and will not get.
func (c Counts) Lost() int64 { return c.Rejected + c.Dropped }

// Counts returns those of a signal so far.
func (e *Exporter) Counts(s Signal) (c Counts) {
	l := e.lanes[s]
	if l == nil {
		return c
	}
	c = Counts{Sent: l.sent.Load(), Rejected: l.rejected.Load(), Dropped: l.left()}
	if e.spool != nil && s.spools() {
		kept, dropped := e.spool.Counts(s.String())
		c.Kept, c.Dropped = kept, c.Dropped+dropped
	}
	return c
}
