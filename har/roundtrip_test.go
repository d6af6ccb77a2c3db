package har_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestRoundTrip checks that a recording gives back the exchanges that were
// recorded, to the nanosecond, and what the live view showed of them.
func TestRoundTrip(t *testing.T) {
	for _, keep := range []int64{1 << 20, 70, 0} {
		for _, s := range sessions(t, keep) {
			t.Run(fmt.Sprintf("%s/%d", s.name, keep), func(t *testing.T) {
				got := read(t, record(t, s.events, har.Options{}))
				sameExchanges(t, got, s.events)
				if keep == 1<<20 {
					sameMessages(t, got, s.events)
				}
				wellFormed(t, got)
			})
		}
	}
}

func sameExchanges(t *testing.T, got, want []wire.Event) {
	t.Helper()
	index := make(map[string]*wire.Exchange)
	for _, x := range exchanges(got) {
		if index[key(&x.Meta)] != nil {
			t.Errorf("told twice: %s", tracetest.Dump(x))
		}
		index[key(&x.Meta)] = x
	}
	for _, w := range exchanges(want) {
		g := index[key(&w.Meta)]
		if g == nil {
			t.Errorf("lost: %s", tracetest.Dump(w))
			continue
		}
		delete(index, key(&w.Meta))
		if a, b := plainJSON(t, g), plainJSON(t, w); a != b {
			t.Errorf("%s: %s", tracetest.Dump(w), firstDifference(a, b))
		}
	}
	for _, g := range index {
		t.Errorf("not recorded: %s", tracetest.Dump(g))
	}
}

// firstDifference returns the lines where a and b first differ.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d: read %s, recorded %s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

func key(m *wire.Meta) string { return fmt.Sprint(m.Conn.ID, ".", m.Exchange) }

// plainJSON returns all fields of x but how many messages there were: without
// borders of their own, they follow the reads. What differs only in its
// representation is made the same.
func plainJSON(t *testing.T, x *wire.Exchange) string {
	t.Helper()
	c := *x
	c.Messages = [2]int64{}
	b, err := json.MarshalIndent(normal(reflect.ValueOf(&c)).Interface(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// normal returns a deep copy of v with times in UTC and empty slices nil, as of a
// recording.
func normal(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(normal(v.Elem()))
		return p
	case reflect.Slice:
		if v.Len() == 0 {
			return reflect.Zero(v.Type())
		}
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(normal(v.Index(i)))
		}
		return s
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			return reflect.ValueOf(at.Round(0).UTC())
		}
		s := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			s.Field(i).Set(normal(v.Field(i)))
		}
		if c, ok := s.Addr().Interface().(*wire.Conn); ok {
			c.Recalled = true
		}
		return s
	}
	return v
}

// sameMessages checks that all messages of exchanges are told, and with the
// content they had.
func sameMessages(t *testing.T, got, want []wire.Event) {
	t.Helper()
	a, b := contents(got), contents(want)
	if a != b {
		t.Errorf("messages: %s", firstDifference(a, b))
	}
}

// contents lists the messages by exchange and direction, each kind that has no
// borders of its own as a whole.
func contents(evs []wire.Event) string {
	var b strings.Builder
	for _, x := range exchanges(byNumber(evs)) {
		for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
			last := wire.KindCount
			body := x.RequestBody
			if dir == wire.ToClient {
				body = x.ResponseBody
			}
			for _, ev := range evs {
				m, ok := ev.(*wire.Message)
				if !ok || m.Conn.ID != x.Conn.ID || m.Exchange != x.Exchange || m.Dir != dir {
					continue
				}
				if m.Kind == wire.KindText && body != nil && body.Content == wire.KindBinary {
					continue // it began like text, and was none
				}
				border := m.Kind == wire.KindJSON || m.Kind == wire.KindStdout || m.Kind == wire.KindStderr || m.Kind == wire.KindSystemErr
				if border || m.Kind != last {
					fmt.Fprintf(&b, "\n%s %v %v", key(&x.Meta), dir, m.Kind)
					if border {
						fmt.Fprintf(&b, "[%d] %d %v", m.Index, m.Size, m.Truncated)
					}
					b.WriteByte(' ')
				}
				last = m.Kind
				fmt.Fprintf(&b, "%x", m.Data)
			}
		}
	}
	return b.String()
}

// wellFormed checks the order that package wire promises.
func wellFormed(t *testing.T, evs []wire.Event) {
	t.Helper()
	type place struct{ open, closed bool }
	conns := make(map[int]*place)
	for i, ev := range evs {
		m := ev.EventMeta()
		c := conns[m.Conn.ID]
		switch ev.(type) {
		case *wire.Open:
			if c != nil {
				t.Errorf("event %d: opened again", i)
			}
			conns[m.Conn.ID] = &place{open: true}
			continue
		case *wire.Close:
			if c == nil || c.closed {
				t.Errorf("event %d: closed before it was opened, or again", i)
				continue
			}
			c.closed = true
			continue
		}
		if c == nil || c.closed {
			t.Errorf("event %d: before Open or behind Close: %s", i, tracetest.Dump(ev))
		}
	}
	for id, c := range conns {
		if !c.closed {
			t.Errorf("connection %d is not closed", id)
		}
	}
}

// noView is which transcripts a recording tells in another order, and why.
var noView = map[string]string{
	"sniffing":          "a binary body began like text",
	"early_end":         "that a body has ended is known later than its last byte came",
	"expect_refused":    "that a body has ended is known later than its last byte came",
	"last_chunk":        "that a body has ended is known later than its last byte came",
	"stray_behind_body": "bytes outside of exchanges are told as a whole",
	"stray_behind_none": "bytes outside of exchanges are told as a whole",
	"swallowed":         "that a body has ended is known later than its last byte came",
	"h2_connect":        "that a body has ended is known later than its last byte came",
	"h2_reset":          "that a body has ended is known later than its last byte came",
	"nested_grpc":       "that a body has ended is known later than its last byte came",
	"grpcsess":          "that a body has ended is known later than its last byte came",
	"bksess":            "that a body has ended is known later than its last byte came",
	"bkit":              "that a body has ended is known later than its last byte came",
}

// TestSameView checks that a recording tells one exchange after the other, as they
// ended, and the events of each in the order of the wire. What carries a connection
// comes before what is in it. Streams run side by side (TestSideBySide).
func TestSameView(t *testing.T) {
	for _, s := range sessions(t, 1<<20) {
		if noView[s.name] != "" {
			continue
		}
		if s.name == "proxy_given_up" {
			continue // it was held, and is in the recording as it was seen; of a connection without anything that has nothing
		}
		t.Run(s.name, func(t *testing.T) {
			got, want := read(t, record(t, s.events, har.Options{})), byEnd(s.events)
			if hasStreams(got) {
				got, want = byNumber(got), byNumber(s.events)
			}
			a, b := strings.Join(view(got), "\n"), strings.Join(view(want), "\n")
			if a != b {
				t.Errorf("read:\n%s\nrecorded:\n%s", a, b)
			}
		})
	}
}

// hasStreams reports whether there is HTTP/2 in evs.
func hasStreams(evs []wire.Event) bool {
	return slices.ContainsFunc(evs, func(ev wire.Event) bool {
		q, ok := ev.(*wire.Request)
		return ok && q.Stream > 0
	})
}

// byNumber returns the events by the numbers of their exchanges.
func byNumber(evs []wire.Event) []wire.Event {
	evs = slices.Clone(evs)
	slices.SortStableFunc(evs, func(a, b wire.Event) int {
		p, q := a.EventMeta(), b.EventMeta()
		return cmp.Or(p.Conn.ID-q.Conn.ID, p.Exchange-q.Exchange)
	})
	return evs
}

// view lists the events of exchanges, without those whose place a recording does
// not tell.
func view(evs []wire.Event) (all []string) {
	evs = slices.DeleteFunc(slices.Clone(evs), func(ev wire.Event) bool {
		switch ev.(type) {
		case *wire.EOF, *wire.Anomaly, *wire.Open, *wire.Close:
			return true
		}
		return ev.EventMeta().Exchange == 0
	})
	for _, ev := range tracetest.Merge(evs) {
		m := ev.EventMeta()
		all = append(all, fmt.Sprintf("%s %v %T", key(m), m.Dir, ev))
	}
	return all
}

// byEnd returns the events of each exchange in their order, one exchange after the
// other.
func byEnd(evs []wire.Event) (all []wire.Event) {
	of := make(map[string][]wire.Event)
	tell := func(key string) {
		all = append(all, of[key]...)
		delete(of, key)
	}
	for _, ev := range evs {
		m := ev.EventMeta()
		of[key(m)] = append(of[key(m)], ev)
		switch ev.(type) {
		case *wire.Exchange:
			tell(key(m))
		case *wire.Open:
			if p := m.Conn.Parent; p.Conn != nil {
				tell(key(&wire.Meta{Conn: p.Conn, Exchange: p.Exchange}))
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		tell(key)
	}
	return all
}
