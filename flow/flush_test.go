package flow

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// holder is a sink that holds back the events it was given until Flush.
type holder struct {
	notes
	w       io.Writer
	held    int
	flushed chan int // how many were held when it was
	err     error
}

func newHolder(w io.Writer) *holder {
	h := &holder{w: w, flushed: make(chan int, 1000)}
	h.event = func(wire.Event) error { h.held++; return nil }
	return h
}

func (h *holder) Flush() error {
	h.flushed <- h.held
	for ; h.held > 0; h.held-- {
		if _, err := io.WriteString(h.w, "an event\n"); err != nil {
			return err
		}
	}
	return h.err
}

// TestLiveFlushes: what a sink behind a queue holds back is written when nothing
// comes, and only if anything came since.
func TestLiveFlushes(t *testing.T) {
	h := newHolder(io.Discard)
	b := New(Options{})
	o := b.Add("holder", h, Delivery{Queued: true})
	const rounds = 3
	for range rounds {
		b.Event(open(dial(1)))
		for n := 0; n != 1; n = <-h.flushed {
		}
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if got := len(h.events()); got != rounds || h.held != 0 {
		t.Errorf("%d events, %d held at the end", got, h.held)
	}
	if n := len(h.flushed); n > 0 {
		t.Errorf("flushed %d times more with nothing new", n)
	}
}

// TestLiveFlushFails: a sink that fails then is given up as any other.
func TestLiveFlushFails(t *testing.T) {
	h := newHolder(io.Discard)
	h.err = errors.New("disk full")
	failed := make(chan error, 10)
	b := New(Options{Failed: func(_ string, err error) { failed <- err }})
	o := b.Add("holder", h, Delivery{Queued: true})
	b.Event(open(dial(1)))
	if err := <-failed; !errors.Is(err, h.err) {
		t.Errorf("told %v", err)
	}
	b.Event(open(dial(2)))
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if events, _ := o.Dropped(); events != 1 || len(h.events()) != 1 {
		t.Errorf("%d events dropped, %d delivered", events, len(h.events()))
	}
}

// TestBufferedFlushes has what the sink holds back written too, when it is told to
// and at the end.
func TestBufferedFlushes(t *testing.T) {
	var out bytes.Buffer
	var h *holder
	b := New(Options{})
	o := b.Add("holder", NewBuffered(&out, func(w io.Writer) wire.Sink { h = newHolder(w); return h }), Delivery{})
	for n := 1; n <= 2; n++ {
		b.Event(open(dial(1)))
		if n == 1 {
			b.Flush()
		} else if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(out.Bytes(), []byte("\n")); got != n {
			t.Errorf("%d of %d lines were written", got, n)
		}
	}
	if err := (&Buffered{Sink: &holder{flushed: make(chan int, 1), err: errBroken}, out: NewBuffered(io.Discard, newLiner).out}).Flush(); !errors.Is(err, errBroken) {
		t.Errorf("the sink failed: %v", err)
	}
}
