package otlp

import (
	"context"
	"time"
)

// Options say where an Exporter sends to, and how.
type Options struct {
	Endpoints [signalCount]Endpoint
	Resource  [][2]string // attributes
	Version   string      // of this program
	Bodies    bool        // log records are sent too
	Metrics   bool        // metrics are
	Memory    int         // bytes that wait, of each signal; 0 is 8 MiB
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
	e := &Exporter{hurry: make(chan struct{}), stop: stop}
	tell := &teller{warn: o.Warn, told: make(map[string]bool)}
	f := newFrame(o.Resource, o.Version)
	for s := range signalCount {
		tell.where[s] = o.Endpoints[s].name()
		if s == Logs && !o.Bodies || s == Metrics && !o.Metrics {
			continue
		}
		e.lanes[s] = &lane{
			signal: s, backlog: newBacklog(o.Memory, o.Wait), frame: &f, poster: newPoster(o.Endpoints[s], o.Version, &e.own),
			tell: tell, retry: again, ctx: ctx, hurry: e.hurry, ended: make(chan struct{}),
		}
		go e.lanes[s].run()
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

// Close sends what waits, for some time at most; what could not be sent then counts as
// dropped. It must be called once, when nothing is added any more.
func (e *Exporter) Close(grace time.Duration) {
	defer e.stop()
	close(e.hurry)
	for _, l := range e.lanes {
		if l != nil {
			l.close()
		}
	}
	late := time.AfterFunc(grace, func() {
		for _, l := range e.lanes {
			if l != nil {
				l.discard()
			}
		}
		e.stop()
	})
	defer late.Stop()
	for _, l := range e.lanes {
		if l != nil {
			<-l.ended
		}
	}
}

// Counts are what became of the items of a signal.
type Counts struct{ Sent, Rejected, Dropped int64 }

// Lost returns how many the collector does not have.
func (c Counts) Lost() int64 { return c.Rejected + c.Dropped }

// Counts returns those of a signal so far.
func (e *Exporter) Counts(s Signal) (c Counts) {
	if l := e.lanes[s]; l != nil {
		c = Counts{l.sent.Load(), l.rejected.Load(), l.left()}
	}
	return c
}
