package render

import (
	"bufio"
	"io"

	"github.com/socktrace/socktrace/wire"
)

// Direct is a Live without a queue, for a single source that may wait and an
// output that never stops for long and that nobody watches: the goroutine that
// calls Event calls the sink, and what the sink writes is put together. Nothing
// is cloned, left out, or told the time.
type Direct struct {
	out    *bufio.Writer
	sink   wire.Sink
	failed func(error)
	dead   bool // the sink has failed: nothing is delivered any more
}

// directBuffer is how much is put together, in bytes.
const directBuffer = 64 << 10

// NewDirect returns a Direct in front of the sink that newSink makes, which
// writes to w. It calls failed once, when the sink fails.
func NewDirect(w io.Writer, newSink func(io.Writer) wire.Sink, failed func(error)) *Direct {
	out := bufio.NewWriterSize(w, directBuffer)
	return &Direct{out: out, sink: newSink(out), failed: failed}
}

// Event delivers an event. Only one goroutine may call it at a time. It returns
// nil: a sink that fails is reported to failed.
func (d *Direct) Event(ev wire.Event) error {
	if !d.dead {
		d.check(d.sink.Event(ev))
	}
	return nil
}

// Flush writes what was put together. Only one goroutine may call it, or Event,
// at a time.
func (d *Direct) Flush() {
	if !d.dead {
		d.check(d.out.Flush())
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

// Close writes the rest and closes the sink.
func (d *Direct) Close() error {
	d.Flush()
	return d.sink.Close()
}
