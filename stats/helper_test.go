package stats

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

var (
	began  = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	docker = &wire.Conn{ID: 1, Client: wire.Peer{Process: &wire.Process{PID: 7, UID: 1, Name: "docker"}}}
)

// at returns a moment, in milliseconds behind the first.
func at(ms int) time.Time { return began.Add(time.Duration(ms) * time.Millisecond) }

// call returns an exchange that was answered with 200, and lasts from one moment to
// another. edits change it.
func call(operation string, from, to int, edits ...func(*wire.Exchange)) *wire.Exchange {
	m := wire.Meta{Conn: docker, Exchange: from + 1, Start: at(from), End: at(to)}
	x := &wire.Exchange{
		Meta:     m,
		Request:  &wire.Request{Meta: m, Method: "GET", Target: "/v1.41/of/" + operation, HeadBytes: 100, Call: wire.Call{Operation: operation, Version: "1.41"}},
		Response: &wire.Response{Meta: m, Status: 200, Reason: "OK", HeadBytes: 10},
	}
	for _, edit := range edits {
		edit(x)
	}
	return x
}

// status sets the status of the answer.
func status(code int, reason string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Response.Status, x.Response.Reason = code, reason }
}

// unanswered takes the answer away.
func unanswered(x *wire.Exchange) { x.Response = nil }

// ended says how it did.
func ended(s wire.State) func(*wire.Exchange) { return func(x *wire.Exchange) { x.State = s } }

// waiting says that it waits.
func waiting(x *wire.Exchange) { x.Request.Call.Waits = true }

// asked sets method and target of what has no operation.
func asked(method, target string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Request.Method, x.Request.Target = method, target }
}

// of sets the connection.
func of(c *wire.Conn) func(*wire.Exchange) { return func(x *wire.Exchange) { x.Conn = c } }

// agent sets what the client calls itself.
func agent(name string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Request.Fields = []wire.Field{{Name: "user-agent", Value: name}} }
}

// gathered returns a sink that was told of events.
func gathered(t testing.TB, events ...wire.Event) *Sink {
	t.Helper()
	s := New()
	for _, ev := range events {
		x, _ := ev.(*wire.Exchange)
		if err := s.Event(ev, x); err != nil {
			t.Fatal(err)
		}
	}
	return s
}
