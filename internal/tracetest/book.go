package tracetest

import (
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

// Booked returns what a decoder or reader may emit to, so that emit gets what
// sinks get: each exchange as a whole in the place of its end.
func Booked(emit func(wire.Event)) func(wire.Event) {
	b := flow.New(flow.Options{Failed: func(_ string, err error) { panic(err) }})
	b.Add("the test", teller(emit), flow.Delivery{})
	return b.Event
}

// teller is a sink that needs everything.
type teller func(wire.Event)

func (t teller) Needs() wire.Needs                           { return wire.Needs{Keeps: true, Concurrent: true} }
func (t teller) Event(ev wire.Event, _ *wire.Exchange) error { t(ev); return nil }
func (t teller) Close() error                                { return nil }
