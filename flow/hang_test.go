package flow

import (
	"errors"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestSinkHangs has a sink hang within an event of one connection: others go on,
// and are told as open, and all can be closed.
func TestSinkHangs(t *testing.T) {
	t.Parallel()
	held, goOn := make(chan struct{}), make(chan struct{})
	bad, good := dial(1), dial(2)
	hanging := &timed{notes{needs: wire.Needs{Concurrent: true}}}
	hanging.event = func(ev wire.Event) error {
		if _, ok := ev.(*wire.Response); ok && ev.EventMeta().Conn == bad {
			close(held)
			<-goOn
		}
		return nil
	}
	var f failures
	b := New(Options{Failed: f.failed, Every: time.Hour})
	o := b.Add("hanging", hanging, Delivery{})
	for _, c := range []*wire.Conn{bad, good} {
		b.Event(open(c))
		b.Event(small(c, 1)[0])
	}
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		b.Event(small(bad, 1)[1])
	}()
	<-held
	b.Event(small(good, 1)[1])
	b.Tick(after(1))
	if n := len(hanging.open); n != 1 || hanging.open[0].Conn != good {
		t.Errorf("%d exchanges are open: %+v", n, hanging.open)
	}
	b.Close()
	if x, ok := hanging.last(t).ev.(*wire.Exchange); !ok || x.Conn != good || x.State != wire.StateOpen {
		t.Errorf("told last: %+v", hanging.last(t).ev)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	close(goOn)
	<-returned
	if told := f.told(); len(told) > 0 {
		t.Errorf("told %q", told)
	}
}

// TestTickHangs closes a book one of whose sinks hangs while it is told the time.
func TestTickHangs(t *testing.T) {
	t.Parallel()
	held, goOn := make(chan struct{}, 1), make(chan struct{})
	hanging := new(timed)
	hanging.tick = func() error {
		held <- struct{}{}
		<-goOn
		return nil
	}
	b := New(Options{Every: time.Millisecond})
	b.Add("hanging", hanging, Delivery{})
	b.Event(open(dial(1)))
	<-held
	b.Close()
	close(goOn)
}

// TestCloseHangs closes a book when a sink hangs that has an exchange end then; and
// one whose source is unhurried, which waits.
func TestCloseHangs(t *testing.T) {
	t.Parallel()
	for _, unhurried := range []bool{false, true} {
		goOn := make(chan struct{})
		hanging := &notes{needs: wire.Needs{Concurrent: true}}
		hanging.event = func(ev wire.Event) error {
			if _, ok := ev.(*wire.Exchange); ok {
				<-goOn
			}
			return nil
		}
		b := New(Options{Unhurried: unhurried})
		o := b.Add("hanging", hanging, Delivery{})
		b.Event(open(dial(1)))
		b.Event(small(dial(1), 1)[0])
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			b.Close()
		}()
		select {
		case <-closed:
			if unhurried {
				t.Error("it has not waited")
			}
		case <-time.After(5 * patience):
			if !unhurried {
				t.Error("it waits")
			}
		}
		close(goOn)
		<-closed
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestBlockedHangs closes a book behind which a queue is full that is waited for,
// since its sink hangs.
func TestBlockedHangs(t *testing.T) {
	t.Parallel()
	g := newGate()
	b, o := behind(g, Delivery{Block: true, Events: 1, Grace: 10 * time.Millisecond}, new(failures))
	g.held.Lock()
	c := dial(1)
	b.Event(small(c, 1)[0])
	<-g.got
	b.Event(small(c, 1)[1])
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		b.Event(small(c, 1)[2])
	}()
	b.Close()
	if err := o.Close(); !errors.Is(err, ErrStalled) {
		t.Errorf("Close: %v", err)
	}
	<-returned
	if events, _ := o.Dropped(); events < 2 {
		t.Errorf("%d events were left out", events)
	}
	g.held.Unlock()
}
