package har_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestHandshakes gives back what TLS agreed on, behind the Open of its connection,
// once.
func TestHandshakes(t *testing.T) {
	var events []wire.Event
	c := &wire.Conn{ID: 3, Start: t0}
	o := decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 10, Keeps: true}}
	d := decode.New(c, o, tracetest.Booked(func(ev wire.Event) { events = append(events, wire.Clone(ev)) }))
	want := tracetest.Handshakes(c, t0)
	for _, ev := range want {
		d.TLS(ev)
	}
	for i := range 3 {
		at := t0.Add(time.Duration(i+1) * time.Millisecond)
		d.Chunk(wire.Chunk{Conn: c, Time: at, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
		d.Chunk(wire.Chunk{Conn: c, Time: at, Dir: wire.ToClient, Data: []byte("HTTP/1.1 204 No Content\r\n\r\n")})
	}
	d.End(t0.Add(time.Second), nil)
	got := read(t, record(t, events, har.Options{}))
	if len(got) < 3 {
		t.Fatalf("%d events", len(got))
	}
	for i, ev := range got {
		told, ok := ev.(*wire.TLS)
		if ok != (i == 1 || i == 2) {
			t.Fatalf("event %d is %T", i, ev)
		}
		if !ok {
			continue
		}
		w := *want[i-1]
		w.Conn = told.Conn
		if !reflect.DeepEqual(*told, w) {
			t.Errorf("got  %s\nwant %s", tracetest.Dump(told), tracetest.Dump(&w))
		}
	}
}
