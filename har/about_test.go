package har_test

import (
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestAbout: what an exchange is about, and what became of it, is read as it was
// recorded.
func TestAbout(t *testing.T) {
	exit, zero := int64(-3), int64(0)
	abouts := []wire.About{
		{Subject: wire.Subject{Type: "exec", ID: "7180", Container: "web"}, Outcome: wire.Outcome{Exit: &exit}},
		{Subject: wire.Subject{Type: "image", Name: "busybox:latest\x1b"}, Details: []wire.Detail{{Name: "to", Value: "a/b:1"}, {Name: "to", Value: ""}}},
		{Outcome: wire.Outcome{Error: "no such \"container\"\n"}}, {Outcome: wire.Outcome{Exit: &zero}}, {Outcome: wire.Outcome{Left: true}}, {},
	}
	for _, s := range sessions(t, 1<<20) {
		events := make([]wire.Event, len(s.events))
		n := 0
		for i, ev := range s.events {
			events[i] = ev
			if x, ok := ev.(*wire.Exchange); ok {
				about := *x
				a := abouts[n%len(abouts)]
				n++
				about.Subject, about.Details, about.Outcome = a.Subject, a.Details, a.Outcome
				events[i] = &about
			}
		}
		sameExchanges(t, read(t, record(t, events, har.Options{})), events)
	}
}
