package flow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// spending returns a book whose records share m, and a sink of it.
func spending(m *memory.Budget) (*Book, *notes) {
	n := new(notes)
	b := New(Options{Memory: m, Still: true})
	b.Add("notes", n, Delivery{Alone: true})
	return b, n
}

// longHead is a request of n bytes, and longer texts than are kept of it.
func longHead(c *wire.Conn, number, n int) *wire.Request {
	target := "/" + strings.Repeat("t", 2*maxShort)
	return &wire.Request{
		Meta: at(c, number, wire.ToServer, 0, 1), Method: "POST", Target: target, Version: "HTTP/1.1", Scheme: "http", Authority: "host",
		Fields: []wire.Field{{Name: "X", Value: strings.Repeat("y", n)}}, HeadBytes: int64(n),
		Call: wire.Call{Operation: "O", Version: "1.2", Subject: "s"}, Masked: []string{"a"},
	}
}

// codes returns the codes of the anomalies that were told of an exchange.
func (n *notes) codes(number int) (all []string) {
	for _, s := range n.events() {
		if a, ok := s.ev.(*wire.Anomaly); ok && a.Exchange == number {
			all = append(all, a.Code)
		}
	}
	return all
}

// TestSpentRecords has exchanges open for which there is no memory: their end says
// what there is of them, and that it is not all.
func TestSpentRecords(t *testing.T) {
	const budget = 64 << 10
	m := memory.New(budget)
	b, n := spending(m)
	c := dial(1)
	for number := 1; number <= 8; number++ {
		b.Event(longHead(c, number, 10_000))
	}
	for number := 1; number <= 8; number++ {
		b.Event(&wire.Response{Meta: at(c, number, wire.ToClient, 0, 2), Version: "HTTP/1.1", Status: 200, Reason: strings.Repeat("r", 5000), Fields: []wire.Field{{Name: "Y", Value: "z"}}})
		b.Event(&wire.Body{Meta: at(c, number, wire.ToClient, 0, 3), Coding: "gzip", Data: make([]byte, 20_000), Bytes: 20_000, Complete: true, Trailer: []wire.Field{{Name: "T"}}})
		b.Event(&wire.End{Meta: at(c, number, wire.ToServer, 0, 4), State: wire.StateDone})
	}
	whole := 0
	for _, s := range n.events() {
		x, ok := s.ev.(*wire.Exchange)
		if !ok {
			if s.x == nil {
				t.Errorf("%T of no exchange", s.ev)
			}
			continue
		}
		spent := slices.ContainsFunc(x.Anomalies, func(a *wire.Anomaly) bool { return a.Code == Spent && a.Exchange == x.Exchange && a.Conn == c })
		if told := n.codes(x.Exchange); spent != slices.Equal(told, []string{Spent}) || !spent && len(told) > 0 {
			t.Errorf("exchange %d: told %q, has %d anomalies", x.Exchange, told, len(x.Anomalies))
		}
		q, p, body := x.Request, x.Response, x.ResponseBody
		if q.Method != "POST" || q.Version != "HTTP/1.1" || q.Scheme != "http" || q.Authority != "host" || q.HeadBytes != 10_000 || q.Call != (wire.Call{Operation: "O", Version: "1.2", Subject: "s"}) ||
			p.Status != 200 || p.Version != "HTTP/1.1" || body.Bytes != 20_000 || body.Coding != "gzip" || !body.Complete || x.State != wire.StateDone {
			t.Errorf("exchange %d: %+v %+v %+v", x.Exchange, q, p, body)
		}
		if len(q.Fields) == 1 {
			whole++
			if len(q.Target) != 2*maxShort+1 || !slices.Equal(q.Masked, []string{"a"}) {
				t.Errorf("exchange %d: target of %d bytes, masked %q", x.Exchange, len(q.Target), q.Masked)
			}
		} else if len(q.Target) != maxShort || q.Masked != nil || !spent {
			t.Errorf("exchange %d: target of %d bytes, masked %q, %t", x.Exchange, len(q.Target), q.Masked, spent)
		}
		if (len(p.Fields) == 0) != (len(p.Reason) == maxShort) || (body.Data == nil) != body.Truncated || (body.Trailer == nil) != body.Truncated {
			t.Errorf("exchange %d: %+v %+v", x.Exchange, p, body)
		}
	}
	if whole < 1 || whole > 3 {
		t.Errorf("%d requests are whole", whole)
	}
	if times, bytes := m.Missed(); times < 6 || bytes < int64(8-whole)*10_000 {
		t.Errorf("missed %d times %d bytes", times, bytes)
	}
	if got, want := b.Counts().Anomalies, int64(len(slices.DeleteFunc(n.events(), func(s seen) bool { _, is := s.ev.(*wire.Anomaly); return !is }))); got != want {
		t.Errorf("%d anomalies are counted, %d told", got, want)
	}
	b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)})
	if left := m.Left(); left != budget {
		t.Errorf("%d of %d bytes are left", left, budget)
	}
}

// TestSpentOnNumbers opens more exchanges than there is memory for: what comes of
// them is told, and that they are not put together.
func TestSpentOnNumbers(t *testing.T) {
	const all = 100
	m := memory.New(40 * recordRoom)
	b, n := spending(m)
	c := dial(1)
	for number := 1; number <= all; number++ {
		b.Event(&wire.Request{Meta: at(c, number, wire.ToServer, 0, 1), Method: "GET", Target: "/"})
	}
	open := 0
	for range b.Open {
		open++
	}
	if open < 25 || open > 30 {
		t.Errorf("%d are open, want three quarters of 40", open)
	}
	for number := 1; number <= all; number++ {
		b.Event(&wire.Response{Meta: at(c, number, wire.ToClient, 0, 2), Status: 200})
		b.Event(&wire.End{Meta: at(c, number, wire.ToServer, 0, 4)})
	}
	requests, ends := 0, 0
	for _, s := range n.events() {
		switch ev := s.ev.(type) {
		case *wire.Request:
			requests++
		case *wire.Exchange:
			ends++
			if told := n.codes(ev.Exchange); ev.Request == nil && !slices.Equal(told, []string{Spent}) || ev.Exchange < 20 && told != nil {
				t.Errorf("exchange %d: told %q, %+v", ev.Exchange, told, ev.Request)
			}
		}
	}
	if requests != all || ends != all {
		t.Errorf("%d requests, %d ends", requests, ends)
	}
	b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)})
	if left := m.Left(); left != 40*recordRoom {
		t.Errorf("%d bytes are left", left)
	}
}

// TestInterimBound keeps so many bytes of 1xx responses.
func TestInterimBound(t *testing.T) {
	b, n := spending(memory.New(1 << 30))
	c := dial(1)
	b.Event(longHead(c, 1, 10))
	long := strings.Repeat("y", maxInterim/4-perField)
	for range 6 {
		b.Event(&wire.Response{Meta: at(c, 1, wire.ToClient, 0, 2), Status: 103, Interim: true, Fields: []wire.Field{{Value: long}}})
	}
	b.Event(&wire.End{Meta: at(c, 1, wire.ToServer, 0, 4)})
	if x := n.last(t).x; len(x.Interim) != 4 || !slices.Equal(n.codes(1), []string{Spent}) {
		t.Errorf("%d are kept, anomalies %q", len(x.Interim), n.codes(1))
	}
}

// perField is what wire counts for a field.
const perField = 64

// TestSpentNames does not list names of what was masked beyond what there is memory
// for; what is known already needs none.
func TestSpentNames(t *testing.T) {
	m := memory.New(20 << 10)
	b, n := spending(m)
	c := dial(1)
	b.Event(&wire.Request{Meta: at(c, 1, wire.ToServer, 0, 1), Masked: []string{"known"}})
	before := m.Left()
	for range 1000 {
		b.Event(&wire.Message{Meta: at(c, 1, wire.ToServer, 0, 1), Masked: []string{"known"}})
	}
	if m.Left() != before {
		t.Errorf("%d bytes for nothing", before-m.Left())
	}
	for i := range 10 {
		b.Event(&wire.Message{Meta: at(c, 1, wire.ToServer, 0, 1), Masked: []string{fmt.Sprint(i, strings.Repeat("n", 3000))}})
	}
	b.Event(&wire.End{Meta: at(c, 1, wire.ToServer, 0, 4)})
	if x := n.last(t).x; len(x.Masked) != 4 || !slices.Equal(n.codes(1), []string{Spent}) {
		t.Errorf("%d names, anomalies %q", len(x.Masked), n.codes(1))
	}
}

// TestBacklogOfHeads counts what the events of a queue have of their exchanges: once
// for those that follow one another.
func TestBacklogOfHeads(t *testing.T) {
	g := newGate()
	b, o := behind(g, Delivery{Bytes: 20_000}, new(failures))
	b.Event(message(0, 10))
	g.held.Lock()
	<-g.got
	c := dial(1)
	head := func(number int) { b.Event(longHead(c, number, 1500)) }
	more := func(number int) {
		b.Event(&wire.Message{Meta: at(c, number, wire.ToClient, 0, 2), Data: make([]byte, 10)})
	}
	head(1) // what it says counts twice: as an event, and as what is known
	for range 3 {
		more(1)
	}
	if events, _ := o.Dropped(); events != 0 {
		t.Errorf("%d events are dropped of those of one exchange", events)
	}
	head(2)
	for range 5 {
		more(1)
		more(2)
	}
	if events, bytes := o.Dropped(); events == 0 || bytes != 10*events {
		t.Errorf("%d events of %d bytes are dropped", events, bytes)
	}
	g.held.Unlock()
	o.Close()
}

// TestFlushOfAny leaves sinks alone that have nothing to flush.
func TestFlushOfAny(t *testing.T) {
	n := new(notes)
	b := New(Options{Still: true, Failed: func(name string, err error) { t.Errorf("%s: %v", name, err) }})
	b.Add("notes", n, Delivery{Alone: true})
	b.Flush()
	b.Event(&wire.Open{Meta: at(dial(1), 0, wire.ToServer, 0, 1)})
	if len(n.events()) != 1 {
		t.Errorf("%d events behind a flush", len(n.events()))
	}
}

// TestConnAgain forgets a connection with its end: what comes of it later is one
// that begins.
func TestConnAgain(t *testing.T) {
	b, _ := spending(nil)
	c := dial(1)
	for range 2 {
		b.Event(&wire.Request{Meta: at(c, 1, wire.ToServer, 0, 1), Method: "GET", Target: "/"})
		open := 0
		for range b.Open {
			open++
		}
		if open != 1 {
			t.Errorf("%d exchanges are open", open)
		}
		b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)})
	}
}

// TestOpenStops asks for no more exchanges than are wanted.
func TestOpenStops(t *testing.T) {
	b, _ := spending(nil)
	for n := range 3 {
		b.Event(&wire.Request{Meta: at(dial(n+1), 1, wire.ToServer, 0, 1), Method: "GET", Target: "/"})
	}
	seen := 0
	for range b.Open {
		if seen++; seen == 1 {
			break
		}
	}
	if seen != 1 {
		t.Errorf("%d are seen of the first", seen)
	}
}

// TestKept gives a sink that keeps what it is told an exchange of its own each time.
func TestKept(t *testing.T) {
	var kept []*wire.Exchange
	b := New(Options{Still: true})
	b.Add("keeper", keeper{&kept}, Delivery{Alone: true})
	c := dial(1)
	for n := 1; n <= 3; n++ {
		b.Event(&wire.Request{Meta: at(c, n, wire.ToServer, 0, n), Method: "GET", Target: "/"})
		b.Event(&wire.End{Meta: at(c, n, wire.ToServer, 0, n)})
	}
	for i, x := range kept {
		if x.Exchange != i+1 || x.Request == nil {
			t.Errorf("exchange %d is %d now", i+1, x.Exchange)
		}
	}
	if len(kept) != 3 {
		t.Errorf("%d exchanges", len(kept))
	}
}

// keeper is a sink that keeps exchanges.
type keeper struct{ all *[]*wire.Exchange }

func (keeper) Needs() wire.Needs { return wire.Needs{Keeps: true} }
func (keeper) Close() error      { return nil }

func (k keeper) Event(ev wire.Event, _ *wire.Exchange) error {
	if x, ok := ev.(*wire.Exchange); ok {
		*k.all = append(*k.all, x)
	}
	return nil
}
