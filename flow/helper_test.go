package flow

import (
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// began is when every connection in the tests began.
var began = time.Date(2026, 11, 21, 19, 21, 10, 0, time.UTC)

// after returns the moment n milliseconds later.
func after(n int) time.Time { return began.Add(time.Duration(n) * time.Millisecond) }

// seen is one call of a sink's Event.
type seen struct {
	ev wire.Event
	x  *wire.Exchange // a copy
}

// notes is a sink that notes what it is given.
type notes struct {
	needs wire.Needs

	mu     sync.Mutex
	all    []seen
	ticks  []time.Time
	open   []wire.Exchange // with the last tick
	closes int

	event func(wire.Event) error // what Event does, besides
	tick  func() error
	close func() error
}

func (n *notes) Needs() wire.Needs { return n.needs }

func (n *notes) Event(ev wire.Event, x *wire.Exchange) error {
	n.mu.Lock()
	s := seen{ev: wire.Clone(ev)}
	if x != nil {
		c := *x
		s.x = &c
		if ev == wire.Event(x) {
			s.ev = s.x
		}
	}
	n.all = append(n.all, s)
	n.mu.Unlock()
	if n.event != nil {
		return n.event(ev)
	}
	return nil
}

func (n *notes) Close() error {
	n.mu.Lock()
	n.closes++
	n.mu.Unlock()
	if n.close != nil {
		return n.close()
	}
	return nil
}

// events returns what was given so far.
func (n *notes) events() []seen {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]seen(nil), n.all...)
}

// last returns what was given last.
func (n *notes) last(t *testing.T) seen {
	t.Helper()
	all := n.events()
	if len(all) == 0 {
		t.Fatal("no event")
	}
	return all[len(all)-1]
}

// timed is a notes that wants to be told the time.
type timed struct{ notes }

func (n *timed) Tick(now time.Time, open iter.Seq[*wire.Exchange]) error {
	var all []wire.Exchange
	for x := range open {
		all = append(all, *x)
	}
	n.mu.Lock()
	n.ticks = append(n.ticks, now)
	n.open = all
	n.mu.Unlock()
	if n.tick != nil {
		return n.tick()
	}
	return nil
}

// told returns the last time that was told, and what was open then.
func (n *timed) told() (now time.Time, open []wire.Exchange) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.ticks) == 0 {
		return time.Time{}, nil
	}
	return n.ticks[len(n.ticks)-1], n.open
}

// failures are what Options.Failed was called with.
type failures struct {
	mu  sync.Mutex
	all []string
}

func (f *failures) failed(name string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, name+": "+err.Error())
}

func (f *failures) told() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.all...)
}

var errBroken = errors.New("broken")

// at returns where an event of the nth exchange is.
func at(c *wire.Conn, n int, d wire.Dir, off int64, ms int) wire.Meta {
	return wire.Meta{Conn: c, Exchange: n, Dir: d, Off: off, Start: after(ms), End: after(ms)}
}

// dial returns a connection.
func dial(id int) *wire.Conn { return &wire.Conn{ID: id, Start: began} }

// open returns the first event of a connection.
func open(c *wire.Conn) *wire.Open {
	return &wire.Open{Meta: wire.Meta{Conn: c, Start: c.Start, End: c.Start}}
}

// small returns the events of a small exchange.
func small(c *wire.Conn, n int) []wire.Event {
	return []wire.Event{
		&wire.Request{Meta: at(c, n, wire.ToServer, 100, 1), Method: "GET", Target: "/x"},
		&wire.Response{Meta: at(c, n, wire.ToClient, 200, 2), Status: 200},
		&wire.Body{Meta: at(c, n, wire.ToClient, 300, 3), Data: []byte("body")},
		&wire.End{Meta: wire.Meta{Conn: c, Exchange: n, Off: 100, Start: after(1), End: after(3)}},
	}
}

// await waits until something is so.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so: %s", what)
		}
	}
}
