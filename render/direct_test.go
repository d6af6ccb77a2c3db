package render

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// borrower notes which events it is given, and fails at the nth.
type borrower struct {
	got    []wire.Event
	fails  int
	closed bool
}

var errFull = errors.New("full")

func (b *borrower) Event(ev wire.Event) error {
	if b.got = append(b.got, ev); len(b.got) == b.fails {
		return errFull
	}
	return nil
}

func (b *borrower) Close() error {
	b.closed = true
	return errFull
}

// TestDirect gives events as they are, up to the one that fails, which is told
// once.
func TestDirect(t *testing.T) {
	b := &borrower{fails: 2}
	var told []error
	d := NewDirect(io.Discard, func(io.Writer) wire.Sink { return b }, func(err error) { told = append(told, err) })
	events := []wire.Event{&wire.Message{Kind: wire.KindRaw, Data: []byte("lent")}, &wire.Open{}, &wire.Close{}}
	for _, ev := range events {
		if err := d.Event(ev); err != nil {
			t.Error(err)
		}
	}
	if len(b.got) != 2 || b.got[0] != events[0] || b.got[1] != events[1] {
		t.Errorf("got %v", b.got)
	}
	if len(told) != 1 || told[0] != errFull {
		t.Errorf("told %v", told)
	}
	if err := d.Close(); err != errFull || !b.closed {
		t.Errorf("close: %v, closed %t", err, b.closed)
	}
}

// TestDirectTogether writes lines together: when there are enough, when it is
// told to, and at the end.
func TestDirectTogether(t *testing.T) {
	var out bytes.Buffer
	d := NewDirect(&out, NewJSONL, func(err error) { t.Error(err) })
	open := &wire.Open{Meta: wire.Meta{Conn: &wire.Conn{ID: 1, Start: began}}}
	lines := func() int { return bytes.Count(out.Bytes(), []byte("\n")) }
	sent := 0
	for ; out.Len() == 0 && sent < directBuffer; sent++ {
		_ = d.Event(open)
	}
	if sent < 100 || lines() < sent-1 {
		t.Errorf("%d of %d lines were written", lines(), sent)
	}
	d.Flush()
	if lines() != sent {
		t.Errorf("%d of %d lines after Flush", lines(), sent)
	}
	_ = d.Event(open)
	if err := d.Close(); err != nil || lines() != sent+1 {
		t.Errorf("%d of %d lines after Close: %v", lines(), sent+1, err)
	}
}

// TestDirectFailsLate finds an error when the rest is written.
func TestDirectFailsLate(t *testing.T) {
	var told []error
	d := NewDirect(failingWriter{errFull}, NewJSONL, func(err error) { told = append(told, err) })
	_ = d.Event(&wire.Open{})
	if len(told) != 0 {
		t.Errorf("told too early: %v", told)
	}
	if err := d.Close(); err != nil || len(told) != 1 || !errors.Is(told[0], errFull) {
		t.Errorf("close: %v, told %v", err, told)
	}
}
