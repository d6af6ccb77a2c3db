package jsonl

import (
	"reflect"
	"testing"

	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestHandshakes gives back what TLS agreed on, and the lines to the byte.
func TestHandshakes(t *testing.T) {
	c := &wire.Conn{ID: 1, Start: t0}
	events := []wire.Event{&wire.Open{Meta: wire.Meta{Conn: c, Start: t0, End: t0}}}
	want := tracetest.Handshakes(c, t0)
	for _, ev := range want {
		events = append(events, ev)
	}
	events = append(events, &wire.Close{Meta: wire.Meta{Conn: c, Start: t0, End: t0}})
	lines := show(t, asLines, events, mask())
	back, repairs := read(t, lines)
	if len(repairs) > 0 || len(back) != len(events) {
		t.Fatalf("%d events of %d, %q", len(back), len(events), repairs)
	}
	same(t, "lines", show(t, asLines, back, mask()), lines)
	for i, w := range want {
		g := back[i+1].(*wire.TLS)
		w := *w
		w.Conn = g.Conn
		if !reflect.DeepEqual(*g, w) {
			t.Errorf("got  %s\nwant %s", tracetest.Dump(g), tracetest.Dump(&w))
		}
	}
}
