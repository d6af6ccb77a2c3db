package flow

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestTicks tells the time, which is that of the traffic, and what is open.
func TestTicks(t *testing.T) {
	for way, d := range map[string]Delivery{"direct": {}, "queued": {Queued: true}} {
		b := New(Options{Every: time.Millisecond})
		s := new(timed)
		o := b.Add("timed", s, d)
		near := func(at time.Time) func() bool {
			return func() bool {
				now, _ := s.told()
				return now.After(at.Add(10*time.Millisecond)) && now.Before(at.Add(time.Minute))
			}
		}
		c := dial(1)
		b.Event(open(c))
		await(t, way+": the time of the traffic", near(began))
		b.Event(&wire.EOF{Meta: at(c, 0, wire.ToServer, 0, 600_000)})
		b.Event(&wire.EOF{Meta: at(c, 0, wire.ToServer, 0, -600_000)})
		await(t, way+": the time of the latest event", near(after(600_000)))
		older := &wire.Conn{ID: 2, Start: began.Add(-24 * time.Hour)}
		b.Event(open(older))
		await(t, way+": that of another capture", near(older.Start))
		b.Event(small(older, 1)[0])
		b.Event(small(c, 7)[0])
		b.Event(small(c, 9)[0])
		isOpen := func(numbers ...int) func() bool {
			return func() bool {
				_, open := s.told()
				if len(open) != len(numbers) {
					return false
				}
				for i, x := range open {
					if x.Exchange != numbers[i] || x.Request == nil || x.State != wire.StateOpen {
						return false
					}
				}
				return true
			}
		}
		await(t, way+": three are open", isOpen(7, 9, 1))
		b.Event(small(c, 7)[3])
		await(t, way+": two are open", isOpen(9, 1))
		b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 1)})
		await(t, way+": one is open", isOpen(1))
		b.Close()
		if err := o.Close(); err != nil {
			t.Error(err)
		}
		n := len(s.ticks)
		time.Sleep(5 * time.Millisecond)
		if len(s.ticks) != n {
			t.Errorf("%s: told the time after the end", way)
		}
	}
}

// TestStill tells no time where none passes.
func TestStill(t *testing.T) {
	b := New(Options{Every: time.Microsecond, Still: true})
	s := new(timed)
	b.Add("timed", s, Delivery{})
	b.Event(open(dial(1)))
	time.Sleep(5 * time.Millisecond)
	b.Close()
	if len(s.ticks) > 0 {
		t.Errorf("%d ticks", len(s.ticks))
	}
}

// TestTickBehind: there is one tick on the way to a slow sink, and what has ended
// since it was made is not told as open behind its end.
func TestTickBehind(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{}, new(failures))
	c := dial(1)
	g.held.Lock()
	b.Event(small(c, 1)[0])
	<-g.got
	b.Event(small(c, 2)[0])
	b.Tick(after(1))
	b.Tick(after(2))
	b.Event(small(c, 1)[3])
	g.held.Unlock()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if len(g.ticks) != 1 || len(g.open) != 1 || g.open[0].Exchange != 2 {
		t.Errorf("%d ticks, open %+v", len(g.ticks), g.open)
	}
}
