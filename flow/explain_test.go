package flow

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// TestExplain: what is said of an exchange is there with its request, and with its end, behind
// what a recording tells; what is said of connections is there with their ends.
func TestExplain(t *testing.T) {
	n := new(notes)
	b := New(Options{Still: true, Explain: func(ev wire.Event, x *wire.Exchange) {
		switch ev := ev.(type) {
		case *wire.Request:
			x.Said = &wire.Said{Asks: ev.Method}
		case *wire.Exchange:
			x.Said = &wire.Said{Asks: x.Said.Asks, Answer: &wire.Meaning{Means: x.Outcome.Error}}
		case *wire.Close:
			if x != nil {
				t.Error("a Close of an exchange")
			}
			ev.Story = &wire.Story{Name: "all"}
		}
	}})
	b.Add("notes", n, Delivery{Alone: true})
	c := dial(1)
	b.Event(&wire.Open{Meta: at(c, 0, wire.ToServer, 0, 0)})
	b.Event(&wire.Request{Meta: at(c, 1, wire.ToServer, 0, 1), Method: "GET"})
	b.Event(&wire.End{Meta: at(c, 1, wire.ToServer, 0, 3), About: &wire.About{Outcome: wire.Outcome{Error: "none"}}})
	end := &wire.Close{Meta: at(c, 0, wire.ToServer, 0, 4)}
	b.Event(end)
	if end.Story != nil {
		t.Error("the event of the caller was changed")
	}
	var got []string
	for _, s := range n.events() {
		switch ev := s.ev.(type) {
		case *wire.Request:
			got = append(got, s.x.Said.Asks)
		case *wire.Exchange:
			got = append(got, ev.Said.Asks+" "+ev.Said.Answer.Means)
		case *wire.Close:
			got = append(got, ev.Story.Name)
		}
	}
	if want := []string{"GET", "GET none", "all"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !b.Needs().Fields || !b.Needs().Telling {
		t.Errorf("needs %+v", b.Needs())
	}
}

// TestExplainNot: a story that a recording has is told only where stories are wanted.
func TestExplainNot(t *testing.T) {
	n := new(notes)
	b := New(Options{Still: true})
	b.Add("notes", n, Delivery{Alone: true})
	story := &wire.Story{Name: "all"}
	ev := &wire.Close{Meta: at(dial(1), 0, wire.ToServer, 0, 4), Story: story}
	b.Event(ev)
	if s := n.last(t); s.ev.(*wire.Close).Story != nil {
		t.Error("it was told")
	}
	if ev.Story != story {
		t.Error("the event of the caller was changed")
	}
}

// TestExplainSpent: what there is no memory for is not said, and nothing else is lost by that.
func TestExplainSpent(t *testing.T) {
	const long = 3000
	m := memory.New(64 << 10)
	n := new(notes)
	b := New(Options{Still: true, Memory: m, Explain: func(ev wire.Event, x *wire.Exchange) {
		if _, ok := ev.(*wire.Request); ok {
			x.Said = &wire.Said{Asks: strings.Repeat("s", long)}
		}
	}})
	b.Add("notes", n, Delivery{Alone: true})
	c := dial(1)
	for number := 1; number <= 25; number++ {
		b.Event(&wire.Request{Meta: at(c, number, wire.ToServer, 0, 1), Method: "GET"})
	}
	said := 0
	for _, s := range n.events() {
		if s.x == nil { // there was no memory for it at all
			continue
		}
		if s.x.Said != nil {
			said++
		}
		if len(s.x.Anomalies) > 0 {
			t.Errorf("%d: %+v", s.x.Exchange, s.x.Anomalies[0])
		}
	}
	if said < 2 || said > (64<<10)/long || said == 25 {
		t.Errorf("%d are said", said)
	}
}

// TestExplainPaid: what was paid for stays when there is no memory for more.
func TestExplainPaid(t *testing.T) {
	n := new(notes)
	b := New(Options{Still: true, Memory: memory.New(64 << 10), Explain: func(ev wire.Event, x *wire.Exchange) {
		switch ev.(type) {
		case *wire.Request:
			x.Said = &wire.Said{Asks: "asks"}
		case *wire.Exchange:
			x.Said = &wire.Said{Asks: "asks", Answer: &wire.Meaning{Means: strings.Repeat("s", 128<<10)}}
		}
	}})
	b.Add("notes", n, Delivery{Alone: true})
	c := dial(1)
	b.Event(&wire.Request{Meta: at(c, 1, wire.ToServer, 0, 1), Method: "GET"})
	b.Event(&wire.End{Meta: at(c, 1, wire.ToServer, 0, 3)})
	if x := n.last(t).ev.(*wire.Exchange); x.Said == nil || x.Said.Asks != "asks" || x.Said.Answer != nil {
		t.Errorf("got %+v", x.Said)
	}
}
