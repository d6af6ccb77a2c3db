package flow

import (
	"bufio"
	"io"

	"github.com/socktrace/socktrace/wire"
)

// Buffered is a sink whose output is put together in large pieces: for a single
// source that may wait, and an output that never stops for long and that nobody
// watches. It is no Ticker.
type Buffered struct {
	wire.Sink
	out *bufio.Writer
}

// bufferSize is how much is put together, in bytes.
const bufferSize = 64 << 10

// NewBuffered returns the sink that newSink makes, which writes to w.
func NewBuffered(w io.Writer, newSink func(io.Writer) wire.Sink) *Buffered {
	out := bufio.NewWriterSize(w, bufferSize)
	return &Buffered{newSink(out), out}
}

// Flush writes what was put together, and what the sink holds back.
func (b *Buffered) Flush() error {
	var err error
	if f, ok := b.Sink.(flusher); ok {
		err = f.Flush()
	}
	if e := b.out.Flush(); err == nil {
		err = e
	}
	return err
}

// Close writes the rest, closes the sink, and writes what it has said then.
func (b *Buffered) Close() error {
	err := b.Flush()
	for _, last := range []func() error{b.Sink.Close, b.out.Flush} {
		if e := last(); err == nil {
			err = e
		}
	}
	return err
}
