package pcap

import (
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// WriterOptions says how a recording is made.
type WriterOptions struct {
	Version string // of socktrace, for the head of the file
	// Failed is called once, with the first error of the output; by the
	// goroutine of a tap, or of Close. May be nil.
	Failed func(error)
}

// warning is the first thing that whoever opens a recording reads.
const warning = "This file holds secrets, such as passwords and tokens: every byte is as it was sent. " +
	"Recorded by socktrace, which made up the packets around the bytes."

// Writer records connections as pcapng. Whole blocks, most often one, are
// written with each call of the output's Write, before the call of the tap
// returns: a process that is killed leaves at most one torn block. Its methods
// may be called concurrently, and so may those of several of its taps.
type Writer struct {
	failed func(error)

	mu     sync.Mutex
	w      io.Writer
	buf    []byte        // of blocks that are not written yet; reused
	flows  map[flow]bool // that are being recorded
	err    error         // the first of w
	told   bool          // failed knows of it
	closed bool
}

// NewWriter writes the head of a file to w, which the Writer does not close.
func NewWriter(w io.Writer, o WriterOptions) (*Writer, error) {
	pw := &Writer{failed: o.Failed, w: w, flows: make(map[flow]bool), told: o.Failed == nil}
	pw.buf = appendSection(pw.buf, warning, runtime.GOOS+"/"+runtime.GOARCH, "socktrace "+o.Version)
	pw.buf = appendInterface(pw.buf, linkRaw, "socktrace")
	pw.flush()
	if pw.err != nil {
		return nil, pw.err
	}
	return pw, nil
}

// Err returns the first error of the output. After it nothing more is written.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Close ends the recording, and returns the first error of the output. Taps do
// nothing from here on. Connections that have not ended are read back as open.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.unlock()
	w.closed = true
	return w.err
}

// Tap begins the record of c, and returns what records the rest of it.
func (w *Writer) Tap(c *wire.Conn) wire.Tap {
	r := &recorder{w: w, conn: c}
	r.begin(firstNumber(c.ID))
	return r
}

// flush writes the blocks in the buffer. w.mu is held.
func (w *Writer) flush() {
	if w.err == nil && !w.closed {
		n, err := w.w.Write(w.buf)
		if err == nil && n < len(w.buf) {
			err = io.ErrShortWrite
		}
		if err != nil {
			w.err = fmt.Errorf("write pcapng: %w", err)
		}
	}
	w.buf = w.buf[:0]
}

// unlock releases w.mu, and tells of the first error.
func (w *Writer) unlock() {
	err := w.err
	if w.told {
		err = nil
	} else if err != nil {
		w.told = true
	}
	w.mu.Unlock()
	if err != nil {
		w.failed(err)
	}
}
