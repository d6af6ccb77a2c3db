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
	if d.dead {
		return nil
	}
	if err := d.sink.Event(ev); err != nil {
		d.dead = true
		d.failed(err)
	}
	return nil
}

// Dropped returns zeros: nothing is left out as long as the sink takes it.
func (d *Direct) Dropped() (events, bytes int64) { return 0, 0 }

// Close closes the sink.
func (d *Direct) Close() error { return d.sink.Close() }
