package flow

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// liner is a sink that writes a line for each event.
type liner struct {
	notes
	w io.Writer
}

func newLiner(w io.Writer) wire.Sink {
	l := &liner{w: w}
	l.event = func(wire.Event) error {
		_, err := io.WriteString(l.w, "an event\n")
		return err
	}
	return l
}

// TestBuffered writes lines together: when there are enough, when it is told to,
// and at the end.
func TestBuffered(t *testing.T) {
	var out bytes.Buffer
	var f failures
	b := New(Options{Failed: f.failed})
	o := b.Add("lines", NewBuffered(&out, newLiner), Delivery{})
	ev := open(dial(1))
	lines := func() int { return bytes.Count(out.Bytes(), []byte("\n")) }
	sent := 0
	for ; out.Len() == 0 && sent < bufferSize; sent++ {
		b.Event(ev)
	}
	if sent < 100 || lines() < sent-1 {
		t.Errorf("%d of %d lines were written", lines(), sent)
	}
	b.Flush()
	if lines() != sent {
		t.Errorf("%d of %d lines after Flush", lines(), sent)
	}
	b.Event(ev)
	if err := o.Close(); err != nil || lines() != sent+1 {
		t.Errorf("%d of %d lines after Close: %v", lines(), sent+1, err)
	}
	if told := f.told(); len(told) > 0 {
		t.Errorf("told %q", told)
	}
}

// failingWriter takes nothing.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errBroken }

// TestBufferedFailsLate finds an error when the rest is written.
func TestBufferedFailsLate(t *testing.T) {
	for _, flush := range []bool{true, false} {
		var f failures
		b := New(Options{Failed: f.failed})
		s := NewBuffered(failingWriter{}, newLiner)
		o := b.Add("lines", s, Delivery{})
		b.Event(open(dial(1)))
		if told := f.told(); len(told) > 0 {
			t.Errorf("told too early: %q", told)
		}
		if flush {
			b.Flush()
			b.Flush()
			b.Event(open(dial(2)))
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
		if told := f.told(); !slices.Equal(told, []string{"lines: broken"}) {
			t.Errorf("told %q", told)
		}
		l := s.Sink.(*liner)
		if n := len(l.events()); n != 1 || l.closes != 1 {
			t.Errorf("%d events, closed %d times", n, l.closes)
		}
	}
	if err := NewBuffered(failingWriter{}, newLiner).Close(); err != nil && !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

// ender is a sink that writes a line when it is closed.
type ender struct {
	notes
	w io.Writer
}

func (e *ender) Close() error {
	_, err := io.WriteString(e.w, "the end\n")
	return err
}

// TestBufferedEnd: what a sink writes when it is closed is written too.
func TestBufferedEnd(t *testing.T) {
	var out bytes.Buffer
	s := NewBuffered(&out, func(w io.Writer) wire.Sink { return &ender{w: w} })
	if err := s.Close(); err != nil || out.String() != "the end\n" {
		t.Errorf("%v: %q", err, out.String())
	}
	if err := NewBuffered(failingWriter{}, func(w io.Writer) wire.Sink { return &ender{w: w} }).Close(); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}
