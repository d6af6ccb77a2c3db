package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/wire"
)

// begun is an exchange of its own connection, from a request to an end in milliseconds; it
// waits for something, if it is to.
type begun struct {
	path       string
	start, end float64
	waits      bool
}

// eventsOf returns the events of exchanges, in order of time.
func eventsOf(all ...begun) (events []wire.Event) {
	type moment struct {
		ms  float64
		evs []wire.Event
	}
	var moments []moment
	for i, a := range all {
		s := &script{}
		s.open(i+1, a.start)
		r := s.request(a.start, "POST", "/"+a.path, "", "Host: a")
		r.Call.Waits = a.waits
		s.response(a.start, 200, "OK", "A: b")
		moments = append(moments, moment{a.start, s.events})
		s.events = nil
		s.done(a.end)
		moments = append(moments, moment{a.end, s.events})
	}
	for len(moments) > 0 {
		first := 0
		for i := range moments {
			if moments[i].ms < moments[first].ms {
				first = i
			}
		}
		events = append(events, moments[first].evs...)
		moments = append(moments[:first], moments[first+1:]...)
	}
	return events
}

// pathsIn returns what the calls of a script ask for, in order, with their marks.
func pathsIn(script string) string {
	var all []string
	for line := range strings.Lines(script) {
		_, path, is := strings.Cut(line, "http://localhost/")
		switch line = strings.TrimSuffix(line, "\n"); {
		case is:
			all = append(all, strings.NewReplacer("'", "", "\n", "").Replace(path))
		case line == "sleep 1" || line == "wait" || strings.Contains(line, "missing"):
			all = append(all, line)
		}
	}
	return strings.Join(all, ", ")
}

// TestCallOrder: calls stand in the order of their requests, and what lasts beyond later ones
// goes on beside them.
func TestCallOrder(t *testing.T) {
	for _, c := range []struct {
		all  []begun
		want string
	}{
		{[]begun{{"a", 1, 2, false}, {"b", 3, 4, false}}, "a, b"},
		{[]begun{{"create", 1, 2, false}, {"attach", 3, 20, true}, {"wait", 5, 19, true}, {"start", 6, 9, false}, {"rm", 21, 22, false}}, "create, attach &, wait &, sleep 1, start, rm, wait"},
		{[]begun{{"pull", 1, 9, false}, {"ps", 2, 3, false}}, "pull, ps"},
		{[]begun{{"wait", 1, 9, true}, {"ps", 10, 11, false}}, "wait, ps"},
	} {
		if got := pathsIn(string(show(t, scripted("curl", Options{}), eventsOf(c.all...)))); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestCallOrderBounded: what has ended does not wait for what never does, however much it is.
func TestCallOrderBounded(t *testing.T) {
	all := []begun{{"events", 0, 1e9, true}, {"pull", 0.5, 1e9, false}}
	for i := range 3 * maxTurns {
		all = append(all, begun{fmt.Sprint(i), float64(i + 1), float64(i+1) + 0.5, false})
	}
	var out bytes.Buffer
	sink := NewCalls(&out, equivalent.Named("curl"), equivalent.Options{}, Options{}).(*callScript)
	most := 0
	for _, ev := range eventsOf(all...) {
		if _, last := ev.(*wire.Exchange); last && ev.EventMeta().Conn.ID <= 2 {
			most = max(most, len(sink.order.queue))
			if got := pathsIn(out.String()); !strings.HasPrefix(got, "events &, sleep 1, 0, 1, 2,") || !strings.HasSuffix(strings.TrimSuffix(got, ", pull"), fmt.Sprint(", ", 3*maxTurns-1)) {
				t.Fatalf("got %s", got)
			}
		}
		if err := sink.Event(ev, exchangeOf(ev)); err != nil {
			t.Fatal(err)
		}
		most = max(most, len(sink.order.queue))
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	if got := pathsIn(out.String()); !strings.HasSuffix(got, ", pull, wait") || strings.Count(got, "events") != 1 || most > maxTurns {
		t.Errorf("at most %d wait; got %s", most, got)
	}
}

// exchangeOf returns what is known of an exchange at an event of eventsOf.
func exchangeOf(ev wire.Event) *wire.Exchange {
	if x, is := ev.(*wire.Exchange); is {
		return x
	}
	r, is := ev.(*wire.Response)
	if !is {
		return nil
	}
	number := r.Conn.ID - 1
	return &wire.Exchange{Meta: r.Meta, Response: r, Request: &wire.Request{Meta: r.Meta, Method: "POST",
		Target: map[int]string{0: "/events", 1: "/pull"}[number], Call: wire.Call{Waits: number == 0}}}
}

// TestCallOrderTime: nothing waits for long.
func TestCallOrderTime(t *testing.T) {
	events := eventsOf(begun{"events", 1, 1e9, true}, begun{"ps", 2, 3, false})
	var out bytes.Buffer
	sink := NewCalls(&out, equivalent.Named("curl"), equivalent.Options{}, Options{}).(*callScript)
	for _, ev := range events[:len(events)-1] {
		if err := sink.Event(ev, exchangeOf(ev)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		ms   float64
		want string
	}{{1000, ""}, {1004, "events &, sleep 1, ps"}, {5000, "events &, sleep 1, ps"}} {
		tickAt(t, sink, c.ms)
		if got := pathsIn(out.String()); got != c.want {
			t.Errorf("at %v: %s", c.ms, got)
		}
	}
}

// tickAt tells a sink the time.
func tickAt(t *testing.T, sink wire.Ticker, ms float64) {
	t.Helper()
	if err := sink.Tick(at(ms), func(func(*wire.Exchange) bool) {}); err != nil {
		t.Fatal(err)
	}
}

// TestCallOrderFiltered: what comes late, since the filter was not decided, has its place too.
func TestCallOrderFiltered(t *testing.T) {
	events := eventsOf(begun{"create", 1, 2, false}, begun{"attach", 3, 20, true}, begun{"start", 6, 9, false}, begun{"rm", 21, 22, false})
	byConn := make(map[int][]wire.Event)
	var late []wire.Event
	for _, ev := range events {
		id := ev.EventMeta().Conn.ID
		byConn[id] = append(byConn[id], ev)
		if _, last := ev.(*wire.Exchange); last { // all of it comes then
			late = append(late, byConn[id]...)
		}
	}
	if got := pathsIn(string(show(t, scripted("curl", Options{Filtered: true}), late))); got != "create, attach &, sleep 1, start, rm, wait" {
		t.Errorf("got %s", got)
	}
}

// TestCallsEnd: what a client has left is stopped, and what ends is awaited.
func TestCallsEnd(t *testing.T) {
	events := eventsOf(begun{"events", 1, 9, true}, begun{"wait", 2, 8, true}, begun{"ps", 3, 4, false})
	for _, ev := range events {
		if x, last := ev.(*wire.Exchange); last && x.Request.Target == "/events" {
			x.Outcome.Left = true
		}
	}
	for form, want := range map[string][]string{
		"curl":   {"'http://localhost/events' &\naside1=$!\n", "'http://localhost/wait' &\n\n", "\nkill $aside1 2>/dev/null\nwait\n"},
		"python": {"(target=aside1, daemon=True).start()\n", "(target=aside2).start()\n", "time.sleep(1)\n"},
		"go":     {"\tgo func() {\n\t\trequest(\"POST\", \"/events\", nil)\n\t}()\n", "\taside(func() {\n\t\trequest(\"POST\", \"/wait\", nil)\n\t})\n", "\ttime.Sleep(time.Second)\n"},
	} {
		got := string(show(t, scripted(form, Options{}), events))
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: no %q in\n%s", form, part, got)
			}
		}
	}
}

// TestCallsLost: what is missing is told, whatever else there is.
func TestCallsLost(t *testing.T) {
	got := string(show(t, scripted("curl", Options{}), []wire.Event{&wire.Dropped{Events: 7}}))
	if !strings.HasPrefix(got, "# 7 events are missing here") {
		t.Errorf("got %s", got)
	}
}

// TestCallsCoding: no comment about the traffic is where Python reads the encoding of the script.
func TestCallsCoding(t *testing.T) {
	s := &script{}
	s.open(1, 0)
	s.conn.Server.Addr = "unix://@daemon"
	s.request(1, "POST", "/coding:unicode_escape", "", "Host: a")
	s.response(2, 200, "OK", "A: b")
	s.done(3)
	got := string(show(t, scripted("python", Options{}), s.events))
	if !strings.HasPrefix(got, "# -*- coding: utf-8 -*-\n\n#") {
		t.Errorf("got %s", got)
	}
}
