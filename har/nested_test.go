package har_test

import (
	"reflect"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestNested records connections that travel in others, of which the innermost
// ends first: they are read with what they travel in.
func TestNested(t *testing.T) {
	outer := dockerConn(1)
	middle := &wire.Conn{ID: 2, Start: t0, Parent: wire.Parent{Conn: outer, Exchange: 1}, Via: "h2c", Client: outer.Server, Server: outer.Client}
	inner := &wire.Conn{ID: 3, Start: t0.Add(1), Parent: wire.Parent{Conn: middle, Exchange: 1}, Via: "connect"}
	var evs []wire.Event
	for _, c := range []*wire.Conn{inner, middle, outer} {
		evs = append(evs, exchangeEvents(c, 1)...)
	}
	got := read(t, record(t, evs, har.Options{}))
	wellFormed(t, got)
	conns := map[int]*wire.Conn{}
	for _, ev := range got {
		if open, ok := ev.(*wire.Open); ok {
			conns[open.Conn.ID] = open.Conn
			if p := open.Conn.Parent.Conn; p != nil && conns[p.ID] != p {
				t.Errorf("connection %d was opened before %d, which it travels in", open.Conn.ID, p.ID)
			}
		}
	}
	if len(conns) != 3 || !reflect.DeepEqual(normal(reflect.ValueOf(conns[3])).Interface(), normal(reflect.ValueOf(inner)).Interface()) {
		t.Errorf("read %d connections, the innermost %+v", len(conns), conns[3])
	}
	if x := exchanges(got); len(x) != 3 || x[1].Conn != x[0].Conn.Parent.Conn {
		t.Errorf("%d exchanges", len(x))
	}
}
