package flow

import (
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestGuard: whatever goes wrong in a sink, and wherever, costs that sink alone,
// and is told once.
func TestGuard(t *testing.T) {
	failing := map[string]func(*timed){
		"event fails":  func(s *timed) { s.event = func(wire.Event) error { return errBroken } },
		"event panics": func(s *timed) { s.event = func(wire.Event) error { panic(errBroken) } },
		"tick fails":   func(s *timed) { s.tick = func() error { return errBroken } },
		"tick panics":  func(s *timed) { s.tick = func() error { panic(errBroken) } },
		"close fails":  func(s *timed) { s.close = func() error { return errBroken } },
		"close panics": func(s *timed) { s.close = func() error { panic(errBroken) } },
	}
	deliveries := map[string]Delivery{"direct": {}, "queued": {Queued: true}, "blocking": {Queued: true, Block: true, Events: 1}}
	for how, fail := range failing {
		for way, d := range deliveries {
			for _, concurrent := range []bool{true, false} {
				var f failures
				b := New(Options{Failed: f.failed, Still: true})
				bad, good := new(timed), new(timed)
				bad.needs.Concurrent = concurrent
				fail(bad)
				o := b.Add("bad", bad, d)
				b.Add("good", good, Delivery{})
				c := dial(1)
				for n := range 50 {
					for _, ev := range small(c, n+1) {
						b.Event(ev)
					}
					b.Event(small(c, n+2)[0]) // it is open
					b.Tick(after(n))
				}
				b.Close()
				if err := o.Close(); err != nil {
					t.Errorf("%s, %s: close: %v", how, way, err)
				}
				told := f.told()
				if len(told) != 1 || told[0] != "bad: broken" && told[0] != "bad: panic: broken" {
					t.Errorf("%s, %s: told %q", how, way, told)
				}
				if n := len(good.events()); n != 50*5+1 || len(good.ticks) != 50 {
					t.Errorf("%s, %s: another sink got %d events, %d ticks", how, way, n, len(good.ticks))
				}
				// Of a queue, ticks may come before events that are in it.
				if events, _ := o.Dropped(); how[0] == 'e' && events != 50*5+1 {
					t.Errorf("%s, %s: %d events were left out", how, way, events)
				}
				if bad.closes != 1 {
					t.Errorf("%s, %s: closed %d times", how, way, bad.closes)
				}
				if d.Queued == false && how[0] == 'e' && len(bad.events()) != 1 {
					t.Errorf("%s, %s: %d events", how, way, len(bad.events()))
				}
			}
		}
	}
}

// looker panics while it looks at what is open.
type looker struct{ timed }

func (l *looker) Tick(_ time.Time, open iter.Seq[*wire.Exchange]) error {
	for range open {
		panic("too much")
	}
	return nil
}

// TestGuardWhileLooking: a sink that panics with a connection locked does not leave
// it so.
func TestGuardWhileLooking(t *testing.T) {
	var f failures
	b := New(Options{Failed: f.failed, Still: true})
	s := new(looker)
	s.needs.Concurrent = true
	b.Add("bad", s, Delivery{})
	c := dial(1)
	for _, ev := range small(c, 1) {
		b.Event(ev)
		b.Tick(after(1))
	}
	if told := f.told(); !slices.Equal(told, []string{"bad: panic: too much"}) {
		t.Errorf("told %q", told)
	}
}
