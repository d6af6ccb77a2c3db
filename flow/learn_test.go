package flow

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestLearn: what is learnt of an exchange is there when sinks see the event that
// tells it, and what a recording tells at the end has the last word.
func TestLearn(t *testing.T) {
	n := new(notes)
	b := New(Options{Still: true, Learn: func(ev wire.Event, x *wire.Exchange) {
		switch ev := ev.(type) {
		case *wire.Request:
			x.Subject = wire.Subject{Type: "container", Name: ev.Call.Subject}
			x.Details = append(x.Details, wire.Detail{Name: "a", Value: "b"})
		case *wire.Response:
			x.Outcome.Error = ev.Reason
		case *wire.Exchange:
			x.Subject.Name += "!"
		}
	}})
	b.Add("notes", n, Delivery{Alone: true})
	c := dial(1)
	for number := 1; number <= 2; number++ {
		b.Event(&wire.Request{Meta: at(c, number, wire.ToServer, 0, 1), Call: wire.Call{Subject: "web"}})
		b.Event(&wire.Response{Meta: at(c, number, wire.ToClient, 0, 2), Status: 404, Reason: "none"})
		end := &wire.End{Meta: at(c, number, wire.ToServer, 0, 3), State: wire.StateAborted, Left: number == 1}
		if number == 2 {
			end.About = &wire.About{Subject: wire.Subject{Type: "exec"}, Outcome: wire.Outcome{Error: "other"}}
		}
		b.Event(end)
	}
	var got []string
	for _, s := range n.events() {
		got = append(got, strings.Join([]string{s.x.Subject.Type, s.x.Subject.Name, s.x.Outcome.Error}, "|"))
		if x, ok := s.ev.(*wire.Exchange); ok && (x.Outcome.Left != (x.Exchange == 1) || len(x.Details) != 2-x.Exchange) {
			t.Errorf("got %+v, %+v", x.Outcome, x.Details)
		}
	}
	want := []string{"container|web|", "container|web|none", "container|web!|none", "container|web|", "container|web|none", "exec||other"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if counts := b.Counts(); counts.Exchanges != 2 || counts.Unfinished != 1 {
		t.Errorf("got %+v: who leaves has not left anything unfinished", counts)
	}
}

// TestLearnSpent: what is learnt is charged, and not kept where there is no memory for
// it; each exchange says so.
func TestLearnSpent(t *testing.T) {
	const long = 3000
	m := memory.New(64 << 10)
	n := new(notes)
	b := New(Options{Still: true, Memory: m, Learn: func(ev wire.Event, x *wire.Exchange) {
		if _, ok := ev.(*wire.Request); ok {
			s := strings.Repeat("s", long/5)
			x.Subject = wire.Subject{ID: s, Name: s, Container: s}
			x.Details, x.Outcome.Error = []wire.Detail{{Value: s}}, s
		}
	}})
	b.Add("notes", n, Delivery{Alone: true})
	c := dial(1)
	for number := 1; number <= 40; number++ {
		b.Event(&wire.Request{Meta: at(c, number, wire.ToServer, 0, 1), Method: "GET"})
	}
	kept, spent := 0, 0
	for number := 1; number <= 40; number++ {
		b.Event(&wire.End{Meta: at(c, number, wire.ToServer, 0, 3)})
	}
	for _, s := range n.events() {
		x, ok := s.ev.(*wire.Exchange)
		if !ok {
			continue
		}
		told := len(x.Anomalies) > 0
		switch {
		case x.Subject.ID != "" && x.Outcome.Error != "" && len(x.Details) == 1 && !told:
			kept++
		case x.Subject == wire.Subject{} && x.Outcome.Error == "" && x.Details == nil && told:
			spent++
		default:
			t.Errorf("exchange %d: %+v, %d anomalies", x.Exchange, x.Outcome, len(x.Anomalies))
		}
	}
	if kept < 2 || kept > (64<<10)/long || kept+spent > 40 || spent == 0 {
		t.Errorf("%d kept, %d not", kept, spent)
	}
	if c := b.conn(c); len(c.open) > 0 {
		t.Errorf("%d are open", len(c.open))
	}
}
