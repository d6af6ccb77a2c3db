package filter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

var began = time.Date(2026, 11, 21, 19, 21, 10, 0, time.UTC)

// session is one connection, and what is said on it.
type session struct {
	conn   *wire.Conn
	events []wire.Event
	// learned is what is known of each exchange, from an event on: of the type of its
	// key, such as "*wire.Request".
	learn func(wire.Event, *wire.Exchange)
}

// meta returns where an event of exchange n is, ms milliseconds after the beginning.
func (s *session) meta(n int, d wire.Dir, ms int) wire.Meta {
	at := began.Add(time.Duration(ms) * time.Millisecond)
	return wire.Meta{Conn: s.conn, Exchange: n, Dir: d, Start: at, End: at}
}

// add adds events.
func (s *session) add(events ...wire.Event) { s.events = append(s.events, events...) }

// message adds a piece of a stream to the client.
func (s *session) message(n int, k wire.Kind, text string, ms int) {
	s.add(&wire.Message{Meta: s.meta(n, wire.ToClient, ms), Kind: k, Data: []byte(text), Size: int64(len(text))})
}

// created returns a session of one exchange, which has everything.
func created() *session {
	s := &session{conn: &wire.Conn{ID: 7, Client: wire.Peer{Process: &wire.Process{PID: 4711, UID: 1000, Name: "docker"}}}}
	const asks = `{"Image":"busybox","Tty":false,"HostConfig":{"Binds":["/a:/b","/c:/d"],"Memory":1024}}`
	const says = `{"Id":"970524f9aaaa","Warnings":[]}`
	s.add(&wire.Open{Meta: s.meta(0, 0, 0)},
		&wire.Request{Meta: s.meta(1, wire.ToServer, 0), Method: "POST", Target: "/v1.41/containers/create?name=web&name=x&all=1", Version: "HTTP/1.1",
			Fields: []wire.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Many", Value: "one"}, {Name: "x-many", Value: "two"}},
			Call:   wire.Call{Operation: "ContainerCreate", Version: "1.41"}},
		&wire.Body{Meta: s.meta(1, wire.ToServer, 1), Content: wire.KindJSON, Data: []byte(asks), Bytes: int64(len(asks)), WireBytes: 100, Complete: true},
		&wire.Response{Meta: s.meta(1, wire.ToClient, 20), Status: 409, Fields: []wire.Field{{Name: "Api-Version", Value: "1.41"}}})
	s.message(1, wire.KindStdout, "out", 30)
	s.message(1, wire.KindStderr, "err", 40)
	s.message(1, wire.KindStdout, "put", 50)
	s.add(&wire.Upgrade{Meta: s.meta(1, wire.ToClient, 60), Protocol: "tcp"},
		&wire.Anomaly{Meta: s.meta(1, wire.ToClient, 61), Code: "odd"},
		&wire.Body{Meta: s.meta(1, wire.ToClient, 70), Content: wire.KindJSON, Data: []byte(says), Bytes: int64(len(says)), WireBytes: 50, Complete: true},
		&wire.End{Meta: wire.Meta{Conn: s.conn, Exchange: 1, Start: began, End: began.Add(1500 * time.Millisecond)}, State: wire.StateAborted},
		&wire.Close{Meta: s.meta(0, 0, 1500)})
	s.learn = func(ev wire.Event, x *wire.Exchange) {
		switch ev.(type) {
		case *wire.Request:
			x.Subject = wire.Subject{Type: "container", Name: "web"}
		case *wire.Exchange:
			exit := int64(3)
			x.Subject.ID, x.Outcome = "970524f9aaaa", wire.Outcome{Error: "No such image", Exit: &exit, Left: true}
		}
	}
	return s
}

// heard is a sink that notes after how many events it is told of an exchange.
type heard struct {
	given *int
	first int
}

func (h *heard) Needs() wire.Needs { return wire.Needs{} }
func (h *heard) Close() error      { return nil }

func (h *heard) Event(ev wire.Event, x *wire.Exchange) error {
	if x != nil && h.first == 0 {
		h.first = *h.given
	}
	return nil
}

// shown plays a session through a book with a filter, and returns with which event
// its exchange is shown: 1 is the request, 0 never. What went wrong is in failures.
func (s *session) shown(f *filter.Filter) (at int, failures []string) {
	given := 0
	h := &heard{given: &given}
	failed := func(name string, err error) { failures = append(failures, name+": "+err.Error()) }
	b := flow.New(flow.Options{Filter: f, Learn: s.learn, Failed: failed, Still: true})
	b.Add("heard", h, flow.Delivery{})
	for _, ev := range s.events {
		if ev.EventMeta().Exchange > 0 {
			given++
		}
		b.Event(ev)
	}
	return h.first, failures
}

// compiled compiles an expression that is right.
func compiled(t testing.TB, text string) *filter.Filter {
	t.Helper()
	f, err := filter.Compile(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f
}

// checkShown fails the test if the exchange is not shown with one of its events.
func (s *session) checkShown(t *testing.T, what string, f *filter.Filter, want int) {
	t.Helper()
	got, failures := s.shown(f)
	if got != want || len(failures) > 0 {
		t.Errorf("%s: shown with event %d, want %d; %q", what, got, want, failures)
	}
}

// The events of the session that created returns, by their numbers.
const (
	never     = 0
	asRequest = 1
	asAnswer  = 3
	atTheEnd  = 10
)

// without returns the session without some events, such as that of a response.
func (s *session) without(drop func(wire.Event) bool) *session {
	c := *s
	c.events = slices.DeleteFunc(slices.Clone(s.events), drop)
	return &c
}

// setRequestBody has the request have another body.
func (s *session) setRequestBody(data string, cut bool) {
	for i, ev := range s.events {
		if b, ok := ev.(*wire.Body); ok && b.Dir == wire.ToServer {
			c := *b
			c.Data, c.Truncated = []byte(data), cut
			s.events[i] = &c
		}
	}
}
