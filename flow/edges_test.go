package flow

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestQueueRoom counts what is known of an exchange with each event of it, but for
// those that follow one of the same.
func TestQueueRoom(t *testing.T) {
	one, two := dial(1), dial(2)
	of := func(c *wire.Conn, n int) *wire.Exchange {
		return &wire.Exchange{Meta: at(c, n, wire.ToServer, 0, 1), Request: &wire.Request{Target: strings.Repeat("t", 100)}}
	}
	x := of(one, 1)
	held := wire.HeldBytes(x)
	ev := &wire.Message{Data: make([]byte, 10)}
	data := wire.DataBytes(ev)
	for name, c := range map[string]struct {
		before *wire.Exchange // of the event before
		ev     wire.Event
		x      *wire.Exchange
		want   int
	}{
		"of none":                      {nil, ev, nil, itemRoom + data},
		"of none, behind one":          {x, ev, nil, itemRoom + data},
		"the first of one":             {nil, ev, x, itemRoom + data + held},
		"another of the same":          {of(one, 1), ev, x, itemRoom + data},
		"of another":                   {of(one, 2), ev, x, itemRoom + data + held},
		"of another connection":        {of(two, 1), ev, x, itemRoom + data + held},
		"of an empty one, behind none": {nil, ev, new(wire.Exchange), itemRoom + data + wire.HeldBytes(new(wire.Exchange))},
		"its end":                      {of(one, 1), x, x, itemRoom + held},
	} {
		var q queue
		q.push(&wire.EOF{}, c.before, 0, 0)
		if got := q.room(c.ev, c.x); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		q.pop()
		if got := q.room(c.ev, c.x); c.x != nil && wire.Event(c.x) != c.ev && got != itemRoom+data+wire.HeldBytes(c.x) {
			t.Errorf("%s, in an empty queue: %d", name, got)
		}
	}
}

// TestClock tells the time of the traffic: that of the latest event, and what has
// gone by since.
func TestClock(t *testing.T) {
	var c clock
	now := began.Add(24 * time.Hour)
	if got := c.at(now); !got.Equal(now) {
		t.Errorf("of nothing: %v", got)
	}
	for _, s := range []struct {
		what  string
		do    func(t, now time.Time)
		t     time.Time
		after int // milliseconds on the wall
		want  time.Time
	}{
		{"nothing is seen", c.see, time.Time{}, 0, now},
		{"nothing is set", c.set, time.Time{}, 1, now.Add(time.Millisecond)},
		{"the first", c.see, after(5), 2, after(5)},
		{"an older one", c.see, after(4), 3, after(6)},
		{"the same", c.see, after(7), 4, after(7)},
		{"a newer one", c.see, after(9), 5, after(9)},
		{"nothing again", c.see, time.Time{}, 6, after(10)},
		{"an older one, that is set", c.set, after(1), 7, after(1)},
		{"no time is set", c.set, time.Time{}, 8, after(2)},
	} {
		wall := now.Add(time.Duration(s.after) * time.Millisecond)
		s.do(s.t, wall)
		if got := c.at(wall); !got.Equal(s.want) {
			t.Errorf("%s: %v, want %v", s.what, got, s.want)
		}
	}
}

// TestOneTicker begins to tell the time once, and not behind the end.
func TestOneTicker(t *testing.T) {
	b := New(Options{Every: time.Hour})
	b.Add("timed", new(timed), Delivery{})
	b.Event(open(dial(1)))
	first := b.ticker
	b.Event(open(dial(2)))
	if first == nil || b.ticker != first {
		t.Errorf("first %v, then %v", first, b.ticker)
	}
	b.Close()
	if b.Event(open(dial(3))); b.ticker != nil {
		t.Error("the time is told behind the end")
	}
	b = New(Options{Every: time.Hour})
	b.Add("notes", new(notes), Delivery{})
	if b.Event(open(dial(1))); b.ticker != nil {
		t.Error("the time is told to nobody")
	}
}

// TestOf takes events of other connections too, with and without sinks.
func TestOf(t *testing.T) {
	for _, quiet := range []bool{true, false} {
		b, n := New(Options{Still: true}), new(notes)
		if !quiet {
			b.Add("notes", n, Delivery{})
		}
		c, other := dial(1), dial(2)
		event := b.Of(c)
		for _, of := range []*wire.Conn{c, other} {
			event(open(of))
			for _, ev := range small(of, 1) {
				event(ev)
			}
		}
		if got, want := b.Counts(), (Counts{Connections: 2, Exchanges: 2}); got != want {
			t.Errorf("quiet %t: %+v, want %+v", quiet, got, want)
		}
		for _, s := range n.events() {
			if s.x != nil && s.x.Conn != s.ev.EventMeta().Conn {
				t.Errorf("%T of connection %d has an exchange of %d", s.ev, s.ev.EventMeta().Conn.ID, s.x.Conn.ID)
			}
		}
		if want := map[bool]int{false: 10}[quiet]; len(n.events()) != want {
			t.Errorf("quiet %t: %d events", quiet, len(n.events()))
		}
	}
}

// TestEndAlone tells the end of an exchange of which nothing else came, and the
// bodies that an end brings.
func TestEndAlone(t *testing.T) {
	b, n := spending(nil)
	c := dial(1)
	up, down := &wire.Body{Bytes: 1}, &wire.Body{Bytes: 2}
	b.Event(&wire.End{Meta: at(c, 1, wire.ToServer, 0, 1), State: wire.StateAborted, Bodies: [2]*wire.Body{wire.ToServer: up, wire.ToClient: down}})
	x := n.last(t).x
	if x.Exchange != 1 || x.State != wire.StateAborted || x.RequestBody != up || x.ResponseBody != down || len(x.Anomalies) > 0 {
		t.Errorf("%+v", x)
	}
	b.Event(&wire.Response{Meta: at(c, 2, wire.ToClient, 0, 1)})
	b.Event(&wire.End{Meta: at(c, 2, wire.ToServer, 0, 1)})
	if x := n.last(t).x; x.RequestBody != nil || x.ResponseBody != nil || x.Response == nil {
		t.Errorf("%+v", x)
	}
}

// TestNoMemory has one exchange of each connection open, without any memory for it,
// and tells of others as they end.
func TestNoMemory(t *testing.T) {
	m := memory.New(1)
	b, n := spending(m)
	c := dial(1)
	open := func() (all []int) {
		for x := range b.Open {
			all = append(all, x.Exchange)
		}
		return all
	}
	for number := 1; number <= 3; number++ {
		b.Event(&wire.Request{Meta: at(c, number, wire.ToServer, 0, 1), Method: "GET"})
	}
	if got := open(); !slices.Equal(got, []int{1}) {
		t.Errorf("%d are open", got)
	}
	if times, bytes := m.Missed(); times < 2 || bytes < 2*recordRoom {
		t.Errorf("missed %d times %d bytes", times, bytes)
	}
	b.Event(&wire.End{Meta: at(c, 3, wire.ToServer, 0, 2)}) // nothing else of it was kept
	if x := n.last(t).x; x.Exchange != 3 || x.Request != nil || len(x.Anomalies) != 1 || x.Anomalies[0].Code != Spent || !slices.Equal(n.codes(3), []string{Spent}) {
		t.Errorf("%+v, told %q", x, n.codes(3))
	}
	b.Event(&wire.Anomaly{Meta: at(c, 1, wire.ToServer, 0, 2), Code: "odd", Detail: strings.Repeat("d", 100_000)})
	b.Event(&wire.Response{Meta: at(c, 1, wire.ToClient, 0, 2), Status: 103, Interim: true, Fields: []wire.Field{{Name: "X", Value: strings.Repeat("y", 100_000)}}})
	b.Event(&wire.End{Meta: at(c, 1, wire.ToServer, 0, 2)})
	if x := n.last(t).x; x.Exchange != 1 || len(x.Anomalies) != 1 || x.Anomalies[0].Code != Spent || len(x.Interim) != 0 {
		t.Errorf("%+v", x)
	}
	b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)})
	if left := m.Left(); left != 1 {
		t.Errorf("%d bytes are left", left)
	}
}

// TestSnapshot has all exchanges that are asked for, but those that have ended.
func TestSnapshot(t *testing.T) {
	one, two := dial(1), dial(2)
	s := snapshot{}
	for _, m := range []wire.Meta{at(one, 1, 0, 0, 1), at(one, 2, 0, 0, 1), at(two, 1, 0, 0, 1)} {
		s = append(s, wire.Exchange{Meta: m})
	}
	count := func(s snapshot, most int) (n int) {
		for range s.all {
			if n++; n == most {
				break
			}
		}
		return n
	}
	if a, b := count(s, 2), count(s, 9); a != 2 || b != 3 {
		t.Errorf("%d of two, %d of all", a, b)
	}
	if left := slices.Clone(s).without(at(two, 2, 0, 0, 1)); len(left) != 3 {
		t.Errorf("%d without one that is not there", len(left))
	}
	for i := range s {
		all := slices.Clone(s)
		left := all.without(s[i].Meta)
		if len(left) != 2 || slices.ContainsFunc(left, func(x wire.Exchange) bool { return x.Meta == s[i].Meta }) || all[2].Conn != nil {
			t.Errorf("without %d: %+v", i, left)
		}
	}
}

// TestDefaults fills in what is not said of a delivery.
func TestDefaults(t *testing.T) {
	want := Delivery{Events: 4096, Bytes: 8 << 20, Grace: 2 * time.Second}
	for _, d := range []Delivery{{}, {Events: -1, Bytes: -1, Grace: -1}} {
		if got := d.withDefaults(); got != want {
			t.Errorf("%+v", got)
		}
	}
	if d := (Delivery{Events: 1, Bytes: 1, Grace: 1}); d.withDefaults() != d {
		t.Errorf("%+v", d.withDefaults())
	}
	if got := New(Options{}).o.Every; got != 250*time.Millisecond {
		t.Errorf("every %v", got)
	}
	if got := New(Options{Every: 1}).o.Every; got != 1 {
		t.Errorf("every %v", got)
	}
}

// TestNoConnection tells events that belong to no connection.
func TestNoConnection(t *testing.T) {
	b, n := spending(nil)
	b.Event(&wire.Anomaly{Code: "odd"})
	b.Event(open(dial(1)))
	if all := b.sorted(); len(all) != 2 || all[0].id() != 0 || all[1].id() != 1 || len(n.events()) != 2 {
		t.Errorf("%d connections, %d events", len(all), len(n.events()))
	}
}

// TestCharged counts what an exchange holds: of what there is no memory for, what is
// kept of it.
func TestCharged(t *testing.T) {
	c := dial(1)
	q := longHead(c, 1, 5000)
	body := &wire.Body{Meta: at(c, 1, wire.ToServer, 0, 1), Data: make([]byte, 5000), Coding: strings.Repeat("c", 2*maxShort)}
	odd := &wire.Anomaly{Meta: at(c, 1, wire.ToServer, 0, 1), Detail: strings.Repeat("d", 5000)}
	names := nameRoom(withNames(nil, q.Masked))
	for _, s := range []struct {
		budget int64
		want   []int // charged, behind each event
	}{
		{1 << 30, []int{recordRoom + wire.DataBytes(q) + names, wire.DataBytes(body), wire.DataBytes(odd), 0}},
		{1, []int{recordRoom + wire.DataBytes(shorten(q)), wire.DataBytes(shorten(body)), 0, 0}},
	} {
		b, _ := spending(memory.New(s.budget))
		sum := 0
		for i, ev := range []wire.Event{q, body, odd, &wire.EOF{Meta: at(c, 1, wire.ToServer, 0, 1)}} {
			b.Event(ev)
			sum += s.want[i]
			if got := b.conn(c).find(1).charged; got != sum {
				t.Errorf("of %d, behind %T: %d, want %d", s.budget, ev, got, sum)
			}
		}
	}
	if n := wire.DataBytes(shorten(q)); n < maxShort || n > 2*maxShort || len(shorten(body).(*wire.Body).Coding) != maxShort {
		t.Errorf("a short head has %d bytes", n)
	}
}
