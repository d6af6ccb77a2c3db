package flow

import (
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
