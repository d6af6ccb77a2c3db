package flow

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// rule is a filter that is a function.
type rule struct {
	decide func(ev wire.Event, x *wire.Exchange) wire.Verdict
	err    error
	before []int // how many events waited, at each question
	reads  bool
	data   string // of the messages that waited, at the last, if reads
	resets int
}

func (r *rule) Needs() wire.Needs { return wire.Needs{Fields: true, Body: 7} }
func (r *rule) Judge() wire.Judge { return (*ruling)(r) }

// ruling is the judge of a rule.
type ruling rule

func (r *ruling) Reset() { r.resets++ }

func (r *ruling) Judge(ev wire.Event, x *wire.Exchange, before iter.Seq[wire.Event]) (wire.Verdict, error) {
	n, data := 0, ""
	for ev := range before {
		n++
		if m, ok := ev.(*wire.Message); ok && r.reads {
			data += string(m.Data)
		}
	}
	r.before, r.data = append(r.before, n), data
	return r.decide(ev, x), r.err
}

// errors4xx shows what fails, as soon as that is known.
func errors4xx(_ wire.Event, x *wire.Exchange) wire.Verdict {
	switch {
	case x.Response == nil && x.State == wire.StateOpen:
		return wire.Undecided
	case x.Response != nil && x.Response.Status >= 400:
		return wire.Shown
	}
	return wire.Hidden
}

// sifting returns a book with a filter, and a sink of it.
func sifting(r *rule, m *memory.Budget) (*Book, *notes, *failures) {
	n, f := new(notes), new(failures)
	b := New(Options{Filter: r, Memory: m, Failed: f.failed})
	b.Add("notes", n, Delivery{})
	return b, n, f
}

// with returns the events of an exchange of this status.
func with(events []wire.Event, status int) []wire.Event {
	for _, ev := range events {
		if p, ok := ev.(*wire.Response); ok {
			p.Status = status
		}
	}
	return events
}

// brief says what was told, as "1.2 Request".
func brief(all []seen) (lines []string) {
	for _, s := range all {
		m := s.ev.EventMeta()
		lines = append(lines, fmt.Sprintf("%d.%d %s", m.Conn.ID, m.Exchange, strings.TrimPrefix(fmt.Sprintf("%T", s.ev), "*wire.")))
	}
	return lines
}

// give gives a book events.
func give(b *Book, lists ...[]wire.Event) {
	for _, list := range lists {
		for _, ev := range list {
			b.Event(ev)
		}
	}
}

func sameLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("told:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestGate shows one exchange of three, in order and with what was known at each
// moment, and of connections those that have one.
func TestGate(t *testing.T) {
	r := &rule{decide: errors4xx}
	b, n, f := sifting(r, nil)
	c, quiet := dial(1), dial(2)
	give(b, []wire.Event{open(c), open(quiet)}, with(small(c, 1), 200), with(small(quiet, 1), 204))
	b.Event(&wire.EOF{Meta: at(c, 0, wire.ToServer, 0, 3)})
	bad := with(small(c, 2), 404)
	b.Event(bad[0])
	if all := n.events(); len(all) > 0 {
		t.Errorf("told before it is decided: %q", brief(all))
	}
	give(b, bad[1:], with(small(c, 3), 302))
	for _, ev := range []wire.Event{
		&wire.Anomaly{Meta: at(c, 3, wire.ToClient, 0, 9)}, &wire.Anomaly{Meta: at(c, 2, wire.ToClient, 0, 9)},
		&wire.EOF{Meta: at(c, 0, wire.ToServer, 0, 9)},
		&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)}, &wire.Close{Meta: at(quiet, 0, wire.ToServer, 0, 9)},
	} {
		b.Event(ev)
	}
	sameLines(t, brief(n.events()), "1.0 Open", "1.2 Request", "1.2 Response", "1.2 Body", "1.2 Exchange", "1.2 Anomaly", "1.0 EOF", "1.0 Close")
	all := n.events()
	if x := all[1].x; x.Request == nil || x.Response != nil || !x.End.Equal(after(1)) {
		t.Errorf("with the request came %+v", x)
	}
	if x := all[2].x; x.Response == nil || x.ResponseBody != nil {
		t.Errorf("with the response came %+v", x)
	}
	if all[4].ev != wire.Event(all[4].x) || all[5].x != nil {
		t.Error("the end is not the exchange, or what is behind it is of one")
	}
	if c := b.Counts(); c.Shown != 1 || c.Exchanges != 4 || c.Connections != 2 || len(f.told()) > 0 {
		t.Errorf("%+v, %q", c, f.told())
	}
	if r.resets != 4 {
		t.Errorf("judges were reset %d times", r.resets)
	}
	if got, want := b.Needs(), (wire.Needs{Fields: true, Body: 7}); got != want {
		t.Errorf("needs %+v", got)
	}
}

// TestGateStreams has messages wait, which are borrowed, and lets those through that
// come when it is decided.
func TestGateStreams(t *testing.T) {
	r := &rule{reads: true, decide: func(ev wire.Event, x *wire.Exchange) wire.Verdict {
		if x.Messages[wire.ToClient] > 2 {
			return wire.Shown
		}
		return wire.Undecided
	}}
	b, n, _ := sifting(r, nil)
	c := dial(1)
	m := &wire.Message{Meta: at(c, 1, wire.ToClient, 0, 1), Kind: wire.KindStdout}
	eof := &wire.EOF{Meta: at(c, 1, wire.ToServer, 0, 1)}
	b.Event(eof)
	eof.Exchange = 77
	for i, text := range []string{"one", "two", "six", "ten"} {
		m.Data, m.Index, m.Size = []byte(text), i, 3
		b.Event(m)
		copy(m.Data, "!!!")
		if want := []int{0, 0, 5, 6}[i]; len(n.events()) != want-want/5 {
			t.Errorf("after %s: %q", text, brief(n.events()))
		}
	}
	var text []string
	for _, s := range n.events() {
		if m, ok := s.ev.(*wire.Message); ok {
			text = append(text, string(m.Data))
		}
	}
	sameLines(t, text, "one", "two", "six", "ten")
	if !slices.Equal(r.before, []int{0, 1, 2, 3}) || r.data != "onetwo" {
		t.Errorf("judged with %v events before, of %q", r.before, r.data)
	}
}

// TestGateBounds has too much wait: what an exchange consists of does, and a mark
// says where the rest was and how much.
func TestGateBounds(t *testing.T) {
	for name, room := range map[string]int64{"an exchange": 1 << 30, "memory": 64 << 10} {
		m := memory.New(room)
		b, n, _ := sifting(&rule{decide: errors4xx}, m)
		c := dial(1)
		b.Event(open(c))
		events := with(small(c, 1), 500)
		b.Event(events[0])
		const each, sent = 10_000, 200
		for i := range sent {
			b.Event(&wire.Message{Meta: at(c, 1, wire.ToServer, int64(i), 1), Index: i, Data: make([]byte, each), Size: each})
			if held := room - m.Left(); held > maxWaiting+3*itemRoom+recordRoom+8<<10 {
				t.Fatalf("%s: %d bytes are held", name, held)
			}
		}
		b.Event(&wire.Response{Meta: at(c, 1, wire.ToClient, 0, 1), Status: 100, Interim: true})
		give(b, events[1:])
		kept := 0
		var marks []*wire.Anomaly
		var order []string
		for i, s := range n.events() {
			switch ev := s.ev.(type) {
			case *wire.Message:
				kept++
			case *wire.Anomaly:
				marks = append(marks, ev)
				if s.x == nil || !slices.Contains(s.x.Anomalies, ev) || brief(n.events())[i-1] != "1.1 Message" {
					t.Errorf("%s: the mark is not in its place", name)
				}
			default:
				order = append(order, brief([]seen{s})...)
			}
		}
		sameLines(t, order, "1.0 Open", "1.1 Request", "1.1 Response", "1.1 Body", "1.1 Exchange")
		if kept < 2 || kept > 105 || name == "an exchange" && kept < 95 {
			t.Errorf("%s: %d messages waited", name, kept)
		}
		says := fmt.Sprintf("%d events with %d bytes came before the filter was decided", sent-kept+1, (sent-kept)*each)
		if len(marks) != 1 || marks[0].Code != Unshown || marks[0].Detail != says || b.Counts().Anomalies != 1 {
			t.Errorf("%s: %d are marked: %+v", name, sent-kept, marks)
		}
		if x := n.last(t).x; len(x.Anomalies) != 1 {
			t.Errorf("%s: the exchange has %d anomalies", name, len(x.Anomalies))
		}
		if left := m.Left(); room-left > 8<<10 {
			t.Errorf("%s: %d bytes are held at the end", name, room-left)
		}
		if times, _ := m.Missed(); name == "an exchange" && times > 0 {
			t.Errorf("memory was missed %d times", times)
		} else if name == "memory" && times != int64(sent-kept+1) {
			t.Errorf("memory was missed %d times of %d", times, sent-kept+1)
		}
		b.Event(&wire.Close{Meta: at(c, 0, wire.ToServer, 0, 9)})
		if left := m.Left(); left != room {
			t.Errorf("%s: %d of %d bytes are left", name, left, room)
		}
	}
}

// TestGateAgain has too much wait in one exchange after the other: each is marked for
// itself, and nothing is held of those that are over.
func TestGateAgain(t *testing.T) {
	const room, all = 1 << 30, 60
	m := memory.New(room)
	b, n, _ := sifting(&rule{decide: errors4xx}, m)
	c := dial(1)
	large := make([]byte, 2*maxWaiting)
	for number := 1; number <= all; number++ {
		events := with(small(c, number), 200+300*(number%2))
		b.Event(events[0])
		b.Event(&wire.Message{Meta: at(c, number, wire.ToServer, 0, 1), Data: large[:maxWaiting+number]})
		give(b, events[1:])
	}
	var marks []string
	for _, s := range n.events() {
		if a, ok := s.ev.(*wire.Anomaly); ok {
			marks = append(marks, fmt.Sprint(a.Exchange, " ", a.Detail))
		}
	}
	for i, mark := range marks {
		if number := 2*i + 1; mark != fmt.Sprintf("%d 1 event with %d bytes came before the filter was decided", number, maxWaiting+number) {
			t.Errorf("marked: %s", mark)
		}
	}
	if held := room - m.Left(); len(marks) != all/2 || held > 16<<10 {
		t.Errorf("%d are marked, %d bytes are held", len(marks), held)
	}
}

// TestGateHides gives all memory back of what is hidden.
func TestGateHides(t *testing.T) {
	m := memory.New(1 << 20)
	b, n, _ := sifting(&rule{decide: errors4xx}, m)
	c := dial(1)
	for number := 1; number < 50; number++ {
		events := with(small(c, number), 200)
		b.Event(events[0])
		b.Event(&wire.Message{Meta: at(c, number, wire.ToServer, 0, 1), Data: make([]byte, 50_000)})
		give(b, events[1:])
	}
	if held := 1<<20 - m.Left(); held > 16<<10 || len(n.events()) > 0 {
		t.Errorf("%d bytes are held, told %q", held, brief(n.events()))
	}
}

// TestGateNested tells of a connection inside another what carries it, if that is
// shown, and in any case that it has begun.
func TestGateNested(t *testing.T) {
	for _, shown := range []bool{true, false} {
		r := &rule{decide: func(_ wire.Event, x *wire.Exchange) wire.Verdict {
			if x.Conn.ID == 1 && !shown {
				return wire.Hidden
			}
			return wire.Shown
		}}
		b, n, _ := sifting(r, nil)
		outer := dial(1)
		inner := &wire.Conn{ID: 2, Parent: wire.Parent{Conn: outer, Exchange: 1}, Via: "h2c"}
		b.Event(open(outer))
		b.Event(small(outer, 1)[0])
		b.Event(open(inner))
		b.Event(small(inner, 1)[0])
		b.Event(&wire.Close{Meta: at(inner, 0, wire.ToServer, 0, 9)})
		b.Event(&wire.Close{Meta: at(outer, 0, wire.ToServer, 0, 9)})
		inside := []string{"2.0 Open", "2.1 Request", "2.1 Exchange", "2.0 Close"}
		outside := []string{"1.0 Open"}
		if shown {
			outside = append(outside, "1.1 Request")
		}
		want := append(outside, inside...)
		if shown {
			want = append(want, "1.1 Exchange")
		}
		sameLines(t, brief(n.events()), append(want, "1.0 Close")...)
		i := len(outside)
		if x := n.events()[i].x; shown != (x != nil) || shown && (x.Conn != outer || x.Exchange != 1) {
			t.Errorf("it is inside of %+v", x)
		}
	}
}

// TestGateFails hides what cannot be judged, and says so once; and once that what is
// shown was not judged either.
func TestGateFails(t *testing.T) {
	r := &rule{decide: func(_ wire.Event, x *wire.Exchange) wire.Verdict {
		if x.Exchange < 3 {
			panic("odd")
		}
		return wire.Shown
	}, err: errors.New("cannot say")}
	b, n, f := sifting(r, nil)
	c := dial(1)
	give(b, small(c, 1), small(c, 2), small(c, 3)[:1], small(c, 4)[:1])
	sameLines(t, brief(n.events()), "1.3 Request", "1.4 Request")
	sameLines(t, f.told(), Filtering+": panic: odd", Filtering+": cannot say")
}

// TestGateOpen has a ticker told of what is shown alone, and ends what is open.
func TestGateOpen(t *testing.T) {
	b := New(Options{Filter: &rule{decide: errors4xx}, Still: true})
	n := new(timed)
	b.Add("timed", n, Delivery{})
	c := dial(1)
	give(b, small(c, 1)[:1], with(small(c, 2)[:2], 200), with(small(c, 3)[:2], 500))
	b.Tick(after(5))
	if _, open := n.told(); len(open) != 1 || open[0].Exchange != 3 {
		t.Errorf("open are %+v", open)
	}
	b.Close()
	sameLines(t, brief(n.events()), "1.3 Request", "1.3 Response", "1.3 Exchange")
	if c := b.Counts(); c.Shown != 1 || c.Exchanges != 3 {
		t.Errorf("%+v", c)
	}
}

// TestGateWithoutSinks counts what would be shown.
func TestGateWithoutSinks(t *testing.T) {
	b := New(Options{Filter: &rule{decide: errors4xx}})
	c := dial(1)
	give(b, with(small(c, 1), 200))
	tell := b.Of(c)
	for _, ev := range with(small(c, 2), 400) {
		tell(ev)
	}
	if c := b.Counts(); c.Shown != 1 || c.Exchanges != 2 {
		t.Errorf("%+v", c)
	}
}

// TestShownNumbers remembers the last 64 numbers, in whatever order they come.
func TestShownNumbers(t *testing.T) {
	var s numbers
	for n := 1; n <= 200; n += 3 {
		s.add(n)
	}
	s.add(150)
	s.add(2)
	for n := 0; n <= 260; n++ {
		want := n > 199-64 && n < 200 && n%3 == 1 || n == 150
		if s.has(n) != want {
			t.Errorf("%d: %t", n, !want)
		}
	}
	for back, want := range map[int]bool{63: true, 64: false} {
		var s numbers
		s.add(100)
		s.add(100 - back)
		if s.has(100-back) != want || !s.has(100) {
			t.Errorf("%d back: %t", back, !want)
		}
	}
	s.add(1000)
	if s.has(199) || !s.has(1000) || s.has(936) {
		t.Error("a jump is not one")
	}
}

// TestHides says which exchanges nobody is told of any more.
func TestHides(t *testing.T) {
	r := &rule{decide: func(_ wire.Event, x *wire.Exchange) wire.Verdict {
		return [...]wire.Verdict{wire.Undecided, wire.Shown, wire.Hidden}[x.Exchange%3]
	}}
	b, _, _ := sifting(r, nil)
	c, other := dial(1), dial(2)
	for n := range 3 {
		if b.Hides(c, n+1) {
			t.Errorf("%d is hidden before it began", n+1)
		}
		events := with(small(c, n+1), 200)
		b.Event(events[0])
		if got, want := b.Hides(c, n+1), (n+1)%3 == 2; got != want || b.Hides(other, n+1) {
			t.Errorf("%d is hidden: %t", n+1, got)
		}
		give(b, events[1:])
		if b.Hides(c, n+1) {
			t.Errorf("%d is hidden when it has ended", n+1)
		}
	}
	for name, o := range map[string]Options{"no filter": {}, "all is explained": {Filter: r, Explain: func(wire.Event, *wire.Exchange) {}}} {
		b := New(o)
		b.Add("notes", new(notes), Delivery{})
		b.Event(small(c, 2)[0])
		if b.Hides(c, 2) {
			t.Errorf("%s: an exchange is hidden", name)
		}
	}
}
