package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/plural"
)

// endGrace is how long the end of the program waits for what does not move.
const endGrace = 2 * time.Second

// stopEarly calls stop when nobody looks any more, or ctx ends. A source that waits
// for its outputs is then not waited for if they take nothing.
func (t *trace) stopEarly(ctx context.Context, stop func()) {
	select {
	case <-t.gone:
		stop()
	case <-t.closed:
	case <-ctx.Done():
		if t.unhurried {
			t.endUnlessMoving()
		}
	}
}

// endUnlessMoving ends the program, which was asked to end, when nothing moves
// any more: whoever reads a recording may be held by an output. It returns when all was
// written: the program may have more to do.
func (t *trace) endUnlessMoving() {
	for last := int64(-1); ; {
		moved := t.moved()
		if moved == last {
			complain(t.tell, errors.New("an output does not move: its end was not written"))
			endsWithin(endGrace, t.recorders.finish)
			os.Exit(exitFailed)
		}
		last = moved
		select {
		case <-t.closed:
			return
		case <-time.After(endGrace):
		}
	}
}

// moved changes when something is read, or written to the live output.
func (t *trace) moved() int64 {
	c := t.book.Counts()
	n := c.Connections + c.Exchanges + c.Bytes[0] + c.Bytes[1]
	if t.out != nil {
		n += t.out.written.Load()
	}
	return n
}

// endsWithin calls f, and reports whether it has returned within some time.
func endsWithin(grace time.Duration, f func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case <-done:
		return true
	case <-late.C:
		return false
	}
}

// incomplete reports whether an output lacks something since it failed. It is
// known when the trace is closed.
func (t *trace) incomplete() bool { return t.lost.Load() || t.broken.Load() }

// end closes the trace. It fails if an output lacks something.
func (t *trace) end() error {
	if t.close(); t.incomplete() {
		return &failure{code: exitFailed}
	}
	return nil
}

// close delivers what is queued, as long as the output takes it, ends the
// recordings, and sums up. Only the first call does.
func (t *trace) close() { t.closing.Do(t.finish) }

func (t *trace) finish() {
	defer close(t.closed)
	if t.closeKeys != nil {
		t.closeKeys()
	}
	t.book.Close()
	if t.live == nil {
		t.showStats()
		t.sumUp(t.tell)
		t.closeOutput()
		return
	}
	if errors.Is(t.live.Close(), flow.ErrStalled) {
		if sameFile(t.out.file, t.stderr) {
			t.recorders.close(io.Discard) // there is nobody to tell
			return
		}
		t.tellStalled()
		t.sumUp(t.tell)
	} else if !t.showStats() {
		t.sumUp(t.tell)
	} else {
		t.sumUpThere()
	}
	t.tellMissing()
	t.closeOutput()
}

// sumUpThere sums up in the live output if it still takes text, else on standard
// error, unless both are one.
func (t *trace) sumUpThere() {
	switch {
	case t.summary && t.writable():
		out := newMessages(t.out)
		t.sumUp(out)
		if !out.flush() {
			t.tellStalled()
		}
	case sameFile(t.out.file, t.stderr):
		t.sumUp(io.Discard)
	default:
		t.sumUp(t.tell)
	}
}

func (t *trace) tellStalled() {
	complain(t.tell, fmt.Errorf("%s does not move: its end was not written", t.out.name))
}

// tellMissing says what is not in the live output.
func (t *trace) tellMissing() {
	events, bytes := t.live.Dropped()
	switch {
	case t.broken.Load():
		complain(t.tell, fmt.Errorf("%s lacks %s with %s, from there on", t.out.name, plural.Of(events, "event"), plural.Of(bytes, "byte")))
	case events > 0 && t.writable():
		complain(t.tell, tooSlow(t.out, events, bytes))
	}
}

// tooSlow says that something was left out of an output, and which would get it all.
func tooSlow(o *output, events, bytes int64) error {
	advice := " (-o FILE gets all)"
	if o.owned {
		advice = "" // it is one of those, and no file on disk
	}
	return fmt.Errorf("%s was too slow: %s with %s %s left out%s", o.name, plural.Of(events, "event"), plural.Of(bytes, "byte"), plural.Verb(events, "was", "were"), advice)
}

// closeOutput closes the live output, which may have a terminal's command to wait
// for, or a disk.
func (t *trace) closeOutput() {
	if t.out == nil {
		return
	}
	var err error
	if !endsWithin(endGrace, func() { err = t.out.Close() }) {
		return // it was said that it does not move
	}
	if err != nil && t.writable() {
		t.broken.Store(true)
		complain(t.tell, err)
	}
	if n := t.out.heldBack(); n > 0 {
		complain(t.tell, fmt.Errorf("%s %s held back while the command had the terminal (-o FILE shows them live)", plural.Of(n, "line"), plural.Verb(n, "was", "were")))
	}
}

// sumUp says what was seen, what was recorded, and what was masked.
func (t *trace) sumUp(w io.Writer) {
	if t.summary && t.writable() || t.broken.Load() {
		complain(w, errors.New(countsLine(t.book.Counts(), t.filtered)))
	}
	if t.writable() || t.broken.Load() { // else nobody waited for all that there is
		if err := t.waited(); err != nil {
			complain(w, err)
		}
		t.packets.sumUp(w)
		t.sumUpOpaque(w)
	}
	if t.proxied != nil {
		if n := t.proxied.DescriptorsLost(); n > 0 {
			complain(w, fmt.Errorf("%s came with descriptors of files, which were not passed on", plural.Of(n, "message")))
		}
	}
	if t.faults != nil {
		t.faults.sumUp(w)
	}
	t.recorders.close(w)
	if err := missed(t.memory); err != nil {
		complain(w, err)
	}
	if masked := t.masked(); len(masked) > 0 {
		complain(w, errors.New(t.before.line(masked, t.packets.Packets > 0)))
	}
	if t.rest != "" && t.writable() && t.book.Counts().Exchanges > 0 {
		complain(w, errors.New(t.rest))
	}
}

// sameFile reports whether a and b are open on one file, pipe or terminal.
func sameFile(a, b *os.File) bool {
	ia, _ := a.Stat() // what is closed is the same as nothing
	ib, _ := b.Stat()
	return os.SameFile(ia, ib)
}

// writable reports whether the live output has not failed.
func (t *trace) writable() bool { return !t.unread() && !t.broken.Load() }

// unread reports whether the reader of the live output has gone away.
func (t *trace) unread() bool {
	select {
	case <-t.gone:
		return true
	default:
		return false
	}
}
