package render

import "github.com/socktrace/socktrace/wire"

// Direct is a Live without a queue, for a single source that may wait and an
// output that never stops for long: the goroutine that calls Event calls the
// sink. Nothing is cloned, left out, or told the time.
type Direct struct {
	sink   wire.Sink
	failed func(error)
	dead   bool // the sink has failed: nothing is delivered any more
}

// NewDirect returns a Direct in front of s. It calls failed once, when the sink
// fails.
func NewDirect(s wire.Sink, failed func(error)) *Direct { return &Direct{sink: s, failed: failed} }

// Event delivers an event. Only one goroutine may call it at a time. It returns
// nil: a sink that fails is reported to failed.
func (d *Direct) Event(ev wire.Event) error {
	if !d.dead {
		d.check(d.sink.Event(ev))
	}
	return nil
}

// Flush writes what the sink keeps, if it does. Only one goroutine may call it,
// or Event, at a time.
func (d *Direct) Flush() {
	if f, ok := d.sink.(interface{ Flush() error }); ok && !d.dead {
		d.check(f.Flush())
	}
}

// check reports an error of the sink.
func (d *Direct) check(err error) {
	if err != nil {
		d.dead = true
		d.failed(err)
	}
}

// Dropped returns zeros: nothing is left out as long as the sink takes it.
func (d *Direct) Dropped() (events, bytes int64) { return 0, 0 }

// Close flushes the sink and closes it.
func (d *Direct) Close() error {
	d.Flush()
	return d.sink.Close()
}
