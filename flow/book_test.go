package flow

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestExchange puts one together from everything that can be part of it.
func TestExchange(t *testing.T) {
	b, s := New(Options{}), new(notes)
	b.Add("notes", s, Delivery{})
	c := dial(1)
	b.Event(open(c))
	if got := s.last(t); got.x != nil {
		t.Error("a connection is no exchange")
	}
	q := &wire.Request{Meta: at(c, 1, wire.ToServer, 10, 1), Masked: []string{"request.headers.B", "request.headers.A"}}
	b.Event(q)
	want := wire.Exchange{Meta: wire.Meta{Conn: c, Exchange: 1, Off: 10, Start: after(1), End: after(1)}, State: wire.StateOpen,
		Request: q, Masked: []string{"request.headers.A", "request.headers.B"}}
	same := func(what string) {
		t.Helper()
		if got := s.last(t).x; !reflect.DeepEqual(*got, want) {
			t.Errorf("after %s:\n%+v, want\n%+v", what, *got, want)
		}
	}
	same("the request")
	body := &wire.Body{Meta: at(c, 1, wire.ToServer, 50, 2), Masked: []string{"request.body"}}
	b.Event(body)
	want.End, want.RequestBody, want.Masked = after(2), body, []string{"request.body", "request.headers.A", "request.headers.B"}
	same("the body")
	hint := &wire.Response{Meta: at(c, 1, wire.ToClient, 0, 3), Status: 103, Interim: true, Masked: []string{"response.headers.Link"}}
	b.Event(hint)
	want.End, want.Interim, want.Masked = after(3), []*wire.Response{hint}, append(want.Masked, "response.headers.Link")
	same("an interim response")
	p := &wire.Response{Meta: at(c, 1, wire.ToClient, 20, 4), Status: 101}
	b.Event(p)
	want.End, want.Response, want.FirstByte = after(4), p, after(4)
	same("the response")
	u := &wire.Upgrade{Meta: p.Meta, Protocol: "tcp"}
	b.Event(u)
	want.Upgrade = u
	same("the upgrade")
	b.Event(&wire.Message{Meta: at(c, 1, wire.ToClient, 90, 5), Kind: wire.KindStdout, Size: 7, Masked: []string{"a", "request.body"}})
	want.End, want.Messages[wire.ToClient], want.Streams[wire.KindStdout] = after(5), 1, wire.StreamStat{Frames: 1, Bytes: 7}
	want.Masked = append([]string{"a"}, want.Masked...)
	same("a message")
	a := &wire.Anomaly{Meta: at(c, 1, wire.ToClient, 90, 4), Code: "odd"}
	b.Event(a)
	want.Anomalies = []*wire.Anomaly{a}
	same("an anomaly")
	late := &wire.Body{Meta: body.Meta, Data: []byte("late")}
	more := &wire.Upgrade{Meta: p.Meta, Protocol: "tcp", Content: wire.KindTerminal, Reason: "sniffed"}
	b.Event(&wire.End{Meta: wire.Meta{Conn: c, Exchange: 1, Off: 9, Start: after(0), End: after(8)}, State: wire.StateAborted,
		Reset: &wire.Reset{Code: 8}, Upgrade: more, Bodies: [2]*wire.Body{wire.ToServer: late},
		Masked: []string{"response.reason"}})
	want.Meta = wire.Meta{Conn: c, Exchange: 1, Off: 9, Start: after(0), End: after(8)}
	want.RequestBody = late
	want.State, want.Reset, want.Upgrade, want.Masked = wire.StateAborted, &wire.Reset{Code: 8}, more, append(want.Masked, "response.reason")
	same("the end")
	if got := s.last(t); got.ev != wire.Event(got.x) {
		t.Error("the last event is not the exchange")
	}
	b.Event(&wire.Anomaly{Meta: at(c, 1, wire.ToClient, 99, 9)})
	if got := s.last(t); got.x != nil {
		t.Error("what comes behind the end begins the exchange again")
	}
}

// TestBounds lists so much and no more, whatever a peer sends.
func TestBounds(t *testing.T) {
	b, s := New(Options{}), new(notes)
	b.Add("notes", s, Delivery{})
	c := dial(1)
	for i := range 1000 {
		b.Event(&wire.Response{Meta: at(c, 1, wire.ToClient, 0, 1), Interim: true})
		b.Event(&wire.Anomaly{Meta: at(c, 1, wire.ToClient, 0, 1)})
		b.Event(&wire.Message{Meta: at(c, 1, wire.ToClient, 0, 1), Masked: []string{fmt.Sprintf("name %04d", 999-i)}})
	}
	x := s.last(t).x
	if len(x.Interim) != maxListed || len(x.Anomalies) != maxListed || len(x.Masked) != maxNames || !slices.IsSorted(x.Masked) {
		t.Errorf("%d responses, %d anomalies, %d names", len(x.Interim), len(x.Anomalies), len(x.Masked))
	}
}

// TestCountsFrames counts units, not the pieces that they came in, and neither
// JSON nor text.
func TestCountsFrames(t *testing.T) {
	type piece struct {
		kind          wire.Kind
		dir           wire.Dir
		index         int
		off           int64
		size, missing int64
	}
	down, up := wire.ToClient, wire.ToServer
	for name, c := range map[string]struct {
		pieces []piece
		want   map[wire.Kind]wire.StreamStat
	}{
		"documents": {[]piece{{kind: wire.KindJSON, size: 5}, {kind: wire.KindText, index: 1, size: 5}}, nil},
		"frames": {[]piece{{wire.KindStdout, down, 0, 10, 5, 0}, {wire.KindStdout, down, 1, 23, 6, 0}, {wire.KindStderr, down, 2, 40, 1, 0}},
			map[wire.Kind]wire.StreamStat{wire.KindStdout: {Frames: 2, Bytes: 11}, wire.KindStderr: {Frames: 1, Bytes: 1}}},
		"pieces": {[]piece{{wire.KindStdout, down, 0, 10, 64, 0}, {wire.KindStdin, up, 0, 10, 1, 0}, {wire.KindStdout, down, 0, 10, 64, 0},
			{wire.KindStdout, down, 0, 10, 30, 20}, {wire.KindStdout, down, 1, 150, 1, 0}},
			map[wire.Kind]wire.StreamStat{wire.KindStdout: {Frames: 2, Bytes: 139}, wire.KindStdin: {Frames: 1, Bytes: 1}}},
		"begins again": {[]piece{{wire.KindRaw, down, 0, 10, 3, 0}, {wire.KindRaw, down, 0, 13, 3, 0}, {wire.KindTerminal, down, 0, 13, 3, 0}},
			map[wire.Kind]wire.StreamStat{wire.KindRaw: {Frames: 2, Bytes: 6}, wire.KindTerminal: {Frames: 1, Bytes: 3}}},
		"coded": {[]piece{{wire.KindStdout, down, 0, 10, 5, 0}, {wire.KindStdout, down, 1, 10, 6, 0}},
			map[wire.Kind]wire.StreamStat{wire.KindStdout: {Frames: 2, Bytes: 11}}},
		"unknown": {[]piece{{kind: wire.KindCount + 3, size: 5}}, nil},
	} {
		b, s := New(Options{}), new(notes)
		b.Add("notes", s, Delivery{})
		conn := dial(1)
		for _, p := range c.pieces {
			b.Event(&wire.Message{Meta: at(conn, 1, p.dir, p.off, 1), Kind: p.kind, Index: p.index, Size: p.size, Missing: p.missing})
		}
		var want [wire.KindCount]wire.StreamStat
		for k, stat := range c.want {
			want[k] = stat
		}
		x := s.last(t).x
		if x.Streams != want || x.Messages[0]+x.Messages[1] != int64(len(c.pieces)) {
			t.Errorf("%s: %v, want %v; %v messages", name, x.Streams, want, x.Messages)
		}
		told := [wire.KindCount]wire.StreamStat{wire.KindRaw: {Frames: 3, Bytes: 4}}
		b.Event(&wire.End{Meta: at(conn, 1, wire.ToServer, 0, 1), Streams: &told})
		if x := s.last(t).x; x.Streams != told {
			t.Errorf("%s: a recording that knows better is not believed: %v", name, x.Streams)
		}
	}
}

// TestOrder takes exchanges that end in any order, and begin in the order in
// which a recording tells them.
func TestOrder(t *testing.T) {
	b, s := New(Options{}), new(notes)
	b.Add("notes", s, Delivery{})
	c := dial(1)
	var of [8][]wire.Event
	for n := 1; n < 8; n++ {
		of[n] = small(c, n)
	}
	for _, n := range []int{5, 2, 7, 1} { // told as they ended
		for _, ev := range of[n] {
			b.Event(ev)
		}
	}
	for i := range 4 { // at once
		for _, n := range []int{6, 3, 4} {
			b.Event(of[n][i])
		}
	}
	var ended []string
	for _, got := range s.events() {
		if got.x == nil || got.x.Exchange != got.ev.EventMeta().Exchange {
			t.Fatalf("%T has %+v", got.ev, got.x)
		}
		if x, ok := got.ev.(*wire.Exchange); ok {
			ended = append(ended, fmt.Sprint(x.Exchange))
			if x.Request != of[x.Exchange][0] || x.Response != of[x.Exchange][1] || x.ResponseBody != of[x.Exchange][2] {
				t.Errorf("exchange %d has parts of another", x.Exchange)
			}
		}
	}
	if got := strings.Join(ended, " "); got != "5 2 7 1 6 3 4" {
		t.Errorf("ended %s", got)
	}
}

// TestLeftOpen ends what a decoder that has failed did not end.
func TestLeftOpen(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		b, s := New(Options{}), new(notes)
		b.Add("notes", s, Delivery{})
		c, other := dial(1), dial(2)
		for n := 1; n < 4; n++ {
			b.Event(small(c, n)[0])
		}
		b.Event(small(other, 1)[0])
		b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9), Stopped: stopped, Bytes: [2]int64{3, 4}})
		all := s.events()[4:]
		want := map[bool]wire.State{false: wire.StateAborted, true: wire.StateOpen}[stopped]
		for i, got := range all[:3] {
			if x, ok := got.ev.(*wire.Exchange); !ok || x.Exchange != i+1 || x.State != want || !x.End.Equal(after(1)) {
				t.Errorf("got %+v, want the end of exchange %d, %v", got.ev, i+1, want)
			}
		}
		if _, ok := all[3].ev.(*wire.Close); !ok || len(all) != 4 {
			t.Errorf("%d events at the end, the last is %T", len(all), all[len(all)-1].ev)
		}
		b.Close()
		if x, ok := s.last(t).ev.(*wire.Exchange); !ok || x.Conn != other || x.State != wire.StateOpen {
			t.Errorf("at the end of the trace: %+v", s.last(t).ev)
		}
		if got, want := b.Counts(), (Counts{Exchanges: 4, Unfinished: 4, Bytes: [2]int64{3, 4}}); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
	}
}

// TestCounts counts the same with and without sinks.
func TestCounts(t *testing.T) {
	for _, quiet := range []bool{true, false} {
		b := New(Options{Mask: func(ev wire.Event) wire.Event {
			if quiet {
				t.Error("masked for nobody")
			}
			return ev
		}})
		if !quiet {
			b.Add("notes", new(notes), Delivery{})
		}
		c := dial(1)
		b.Event(open(c))
		for n := range 3 {
			for _, ev := range small(c, n+1) {
				if end, ok := ev.(*wire.End); ok && n == 2 {
					end.State = wire.StatePartial
				}
				b.Event(ev)
			}
		}
		b.Event(&wire.Anomaly{Meta: at(c, 0, wire.ToClient, 0, 1)})
		inside := dial(2)
		inside.Parent = wire.Parent{Conn: c, Exchange: 1}
		b.Event(open(inside))
		b.Event(&wire.Close{Meta: at(inside, 0, wire.ToServer, 0, 9), Bytes: [2]int64{3, 4}})
		b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9), Bytes: [2]int64{5, 6}})
		want := Counts{Connections: 1, Exchanges: 3, Unfinished: 1, Anomalies: 1, Bytes: [2]int64{5, 6}}
		if got := b.Counts(); got != want {
			t.Errorf("quiet %t: %+v, want %+v", quiet, got, want)
		}
	}
}

// TestNeeds adds up what the sinks need. What waits in a queue is kept.
func TestNeeds(t *testing.T) {
	b := New(Options{})
	if got, want := b.Needs(), (wire.Needs{Concurrent: true}); got != want {
		t.Errorf("without sinks %+v", got)
	}
	b.Add("a", &notes{needs: wire.Needs{Lines: true, Body: 5, Concurrent: true}}, Delivery{})
	if got, want := b.Needs(), (wire.Needs{Lines: true, Body: 5, Concurrent: true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	o := b.Add("b", &notes{needs: wire.Needs{Sizes: true}}, Delivery{Queued: true})
	defer o.Close()
	if got, want := b.Needs(), (wire.Needs{Lines: true, Sizes: true, Body: 5, Keeps: true, Concurrent: true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestMasking shows nothing more of a connection whose masking has failed, but
// its end.
func TestMasking(t *testing.T) {
	var f failures
	s := new(notes)
	b := New(Options{Failed: f.failed, Mask: func(ev wire.Event) wire.Event {
		switch p := ev.(type) {
		case *wire.Response:
			if p.Conn.ID == 1 {
				panic("what is this?")
			}
		case *wire.Request:
			c := *p
			c.Target, c.Masked = "/masked", []string{"target"}
			return &c
		}
		return ev
	}})
	b.Add("notes", s, Delivery{})
	bad, good := dial(1), dial(2)
	for i := range 4 {
		b.Event(small(bad, 1)[i])
		b.Event(small(good, 1)[i])
	}
	b.Event(small(bad, 2)[0])
	b.Event(&wire.Close{Meta: at(bad, 0, wire.ToServer, 0, 9)})
	var of [3]string
	for _, got := range s.events() {
		of[got.ev.EventMeta().Conn.ID] += fmt.Sprintf("%T ", got.ev)
		if x := got.x; x != nil && (x.Request.Target != "/masked" || !slices.Equal(x.Masked, []string{"target"})) {
			t.Errorf("not masked: %+v", x)
		}
	}
	if want := "*wire.Request *wire.Exchange *wire.Close "; of[1] != want {
		t.Errorf("of the connection that is not shown: %s", of[1])
	}
	if want := "*wire.Request *wire.Response *wire.Body *wire.Exchange "; of[2] != want {
		t.Errorf("of another: %s", of[2])
	}
	if got := f.told(); !slices.Equal(got, []string{"masking: panic: what is this?"}) {
		t.Errorf("told %q", got)
	}
}

// TestConcurrently takes many connections at once, and looks at them meanwhile.
func TestConcurrently(t *testing.T) {
	b := New(Options{Every: 1})
	direct := &timed{notes{needs: wire.Needs{Concurrent: true}}}
	alone := &timed{}
	var inside sync.Mutex
	alone.event = func(wire.Event) error {
		if !inside.TryLock() {
			t.Error("called twice at once")
			return nil
		}
		inside.Unlock()
		return nil
	}
	queued := &timed{}
	b.Add("direct", direct, Delivery{})
	b.Add("alone", alone, Delivery{})
	o := b.Add("queued", queued, Delivery{Queued: true, Block: true, Events: 10})
	const conns, each = 20, 50
	var all sync.WaitGroup
	for id := range conns {
		all.Go(func() {
			c := dial(id + 1)
			event := b.Event
			if id%2 == 0 {
				event = b.Of(c)
			}
			event(open(c))
			for n := range each {
				for _, ev := range small(c, n+1) {
					event(ev)
				}
			}
			event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)})
		})
	}
	all.Wait()
	b.Close()
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	for name, s := range map[string]*timed{"direct": direct, "alone": alone, "queued": queued} {
		if n := len(s.events()); n != conns*(4*each+2) {
			t.Errorf("%s: %d events", name, n)
		}
		for _, got := range s.events() {
			if x := got.x; x != nil && x.Exchange != got.ev.EventMeta().Exchange {
				t.Fatalf("%s: %T has the exchange %d", name, got.ev, x.Exchange)
			}
		}
	}
	n := 0
	b.conns.Range(func(any, any) bool { n++; return true })
	if n > 0 {
		t.Errorf("%d connections are remembered", n)
	}
}

// TestAllocates takes no memory for an exchange, if nobody keeps it.
func TestAllocates(t *testing.T) {
	b := New(Options{})
	b.Add("nobody", nobody{}, Delivery{})
	c := dial(1)
	b.Event(open(c))
	evs := small(c, 1)
	n := 0
	if got := testing.AllocsPerRun(100, func() {
		n++
		for _, ev := range evs {
			ev.EventMeta().Exchange = n
			b.Event(ev)
		}
	}); got > 0 {
		t.Errorf("%v allocations an exchange", got)
	}
}

// nobody is a sink that does nothing.
type nobody struct{}

func (nobody) Needs() wire.Needs                      { return wire.Needs{Concurrent: true} }
func (nobody) Event(wire.Event, *wire.Exchange) error { return nil }
func (nobody) Close() error                           { return nil }

// BenchmarkBook measures what the book adds to an exchange.
func BenchmarkBook(b *testing.B) {
	for name, d := range map[string]Delivery{"direct": {}, "queued": {Queued: true, Block: true}} {
		b.Run(name, func(b *testing.B) {
			book := New(Options{})
			o := book.Add("nobody", nobody{}, d)
			c := dial(1)
			event := book.Of(c)
			event(open(c))
			evs := small(c, 1)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				for _, ev := range evs {
					ev.EventMeta().Exchange = n
					event(ev)
				}
			}
			o.Close()
		})
	}
}

// TestCarrier: with a connection inside another comes what carries it.
func TestCarrier(t *testing.T) {
	b, s := New(Options{}), new(notes)
	b.Add("notes", s, Delivery{})
	c, inside := dial(1), dial(2)
	inside.Parent = wire.Parent{Conn: c, Exchange: 3}
	b.Event(open(c))
	q := &wire.Request{Meta: at(c, 3, wire.ToServer, 0, 1)}
	b.Event(q)
	b.Event(open(inside))
	if x := s.last(t).x; x == nil || x.Request != q {
		t.Errorf("inside of %+v", x)
	}
	b.Event(&wire.End{Meta: q.Meta})
	b.Event(open(inside))
	if x := s.last(t).x; x != nil {
		t.Errorf("inside of %+v, which has ended", x)
	}
}

// TestMaskingOfEnd: where masking fails for the end of a connection, sinks are told of
// it all the same.
func TestMaskingOfEnd(t *testing.T) {
	s := new(notes)
	b := New(Options{Mask: func(ev wire.Event) wire.Event {
		if _, ends := ev.(*wire.Close); ends {
			panic("at the end")
		}
		return ev
	}})
	b.Add("notes", s, Delivery{})
	c := dial(1)
	b.Event(&wire.Open{Meta: at(c, 0, wire.ToServer, 0, 1)})
	b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9), Bytes: [2]int64{1, 2}})
	if all := s.events(); len(all) != 2 || all[1].ev.(*wire.Close).Bytes != [2]int64{1, 2} {
		t.Errorf("told %d events", len(all))
	}
	if got := b.Counts(); got.Connections != 1 || got.Bytes != [2]int64{1, 2} {
		t.Errorf("counted %+v", got)
	}
}
