package http1

import (
	"slices"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// TestFault tells what is wrong, but not all that an endless line says.
func TestFault(t *testing.T) {
	var got []wire.Event
	d := &Decoder{env: &body.Env{Tell: func(ev wire.Event) { got = append(got, ev) }}}
	s := &side{w: new(window.Window), dir: wire.ToClient}
	for _, n := range []int{0, 1024, 1025} {
		d.wrong(s, nil, "code", long(n))
	}
	for i, want := range []string{"", long(1024), long(1024) + "…"} {
		if a := got[i].(*wire.Anomaly); a.Code != "code" || a.Detail != want || a.Dir != wire.ToClient || a.Exchange != 0 {
			t.Errorf("got %+v", a)
		}
	}
	got = nil
	d.faults(s, nil, []fault{{3, anomaly.Fault{Code: "a"}}, {4, anomaly.Fault{Code: "a"}}, {5, anomaly.Fault{Code: "b"}}, {6, anomaly.Fault{Code: "a"}}})
	var offs []int64
	for _, ev := range got {
		offs = append(offs, ev.EventMeta().Off)
	}
	if !slices.Equal(offs, []int64{3, 5}) {
		t.Errorf("faults at %d are told", offs)
	}
}
