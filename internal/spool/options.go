package spool

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"time"
)

// Output is what a Spool writes to. Its methods are called one at a time, by
// whatever goroutine, but Gap, which may be called while another runs.
type Output interface {
	// Write writes a unit. It may hang. Nothing is written after an error.
	Write(Unit) error
	// Gap returns what is written in the place of units that were left out,
	// with so many things and bytes in them. It must not hang.
	Gap(n, bytes int64) Unit
	// Close ends the output, whatever failed before. It may hang.
	Close() error
}

// Options bound a Spool.
type Options struct {
	// Size is how many bytes may wait while the output stalls. One larger unit
	// may be in an empty queue. 0: nothing waits, and callers of Put do instead,
	// however long the output takes.
	Size int64
	// Stalls says that the output does so by nature: see Stalls.
	Stalls bool
	// Patience is how long a write may take until others go on without it; 0
	// is 250 ms.
	Patience time.Duration
	// Grace is how long Close waits for an output that does not move; 0 is 2 s.
	Grace time.Duration
	// Moved counts what the output has taken of a unit that is being written, so
	// that Close sees it move: Pieces.Count. It may be nil.
	Moved func() int64
	// Failed is called once, with the first error of Output.Write, by whoever
	// meets it. It may be nil.
	Failed func(error)
}

// Stalls reports whether w is something that may stop taking bytes at any time:
// a file that is not a regular one, such as a pipe or a terminal, or a network
// connection. A reader may stop, but a disk is expected to go on.
func Stalls(w io.Writer) bool {
	if f, ok := w.(interface{ Stat() (fs.FileInfo, error) }); ok {
		info, err := f.Stat()
		return err != nil || !info.Mode().IsRegular()
	}
	_, ok := w.(net.Conn)
	return ok
}

// ErrStalled is returned by Close if the output did not take what was queued.
var ErrStalled = errors.New("output stalled")

// withDefaults fills in what is not set.
func (o Options) withDefaults() Options {
	if o.Patience <= 0 {
		o.Patience = 250 * time.Millisecond
	}
	if o.Grace <= 0 {
		o.Grace = 2 * time.Second
	}
	if o.Moved == nil {
		o.Moved = func() int64 { return 0 }
	}
	o.Stalls = o.Stalls && o.Size > 0
	return o
}
