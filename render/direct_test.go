package render

import (
	"errors"
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
	d := NewDirect(b, func(err error) { told = append(told, err) })
	events := []wire.Event{&wire.Message{Data: []byte("lent")}, &wire.Open{}, &wire.Close{}}
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
