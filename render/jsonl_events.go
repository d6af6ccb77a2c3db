package render

import (
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// Events are kinds of events, for those who want no others of JSON lines.
type Events uint16

// AllEvents are all there are.
const AllEvents Events = 1<<len(eventNames) - 1

// The places of events in eventNames.
const (
	openEvent = iota
	tlsEvent
	requestEvent
	responseEvent
	messageEvent
	bodyEvent
	upgradeEvent
	eofEvent
	anomalyEvent
	exchangeEvent
	closeEvent
)

// eventNames are what JSON lines call them, in the order of a connection's life.
var eventNames = [...]string{"open", "tls", "request", "response", "message", "body", "upgrade", "eof", "anomaly", "exchange", "close"}

// EventNames returns what kinds of events are called.
func EventNames() []string { return slices.Clone(eventNames[:]) }

// EventsNamed returns the kinds of events of those names; what is none counts for nothing.
func EventsNamed(names []string) (e Events) {
	for _, name := range names {
		if i := slices.Index(eventNames[:], name); i >= 0 {
			e |= 1 << i
		}
	}
	return e
}

// has reports whether one of the kinds is in e.
func (e Events) has(kinds ...int) bool {
	return slices.ContainsFunc(kinds, func(k int) bool { return e&(1<<k) != 0 })
}

// wants reports whether an event is of one of the kinds. That something is left out, since the
// output is slow, is told in any case.
func (e Events) wants(ev wire.Event) bool {
	switch ev.(type) {
	case *wire.Open:
		return e.has(openEvent)
	case *wire.TLS:
		return e.has(tlsEvent)
	case *wire.Request:
		return e.has(requestEvent)
	case *wire.Response:
		return e.has(responseEvent)
	case *wire.Message:
		return e.has(messageEvent)
	case *wire.Body:
		return e.has(bodyEvent)
	case *wire.Upgrade:
		return e.has(upgradeEvent)
	case *wire.EOF:
		return e.has(eofEvent)
	case *wire.Anomaly:
		return e.has(anomalyEvent)
	case *wire.Exchange:
		return e.has(exchangeEvent)
	case *wire.Close:
		return e.has(closeEvent)
	}
	return true
}

// needs returns what makes the events such that they say all that they say beside the others;
// bodies have at most so many bytes.
func (e Events) needs(body int64) wire.Needs {
	heads := e.has(requestEvent, responseEvent, exchangeEvent)
	n := wire.Needs{
		Lines:    heads || e.has(upgradeEvent),
		Fields:   heads || e.has(bodyEvent), // trailers
		Sizes:    e.has(messageEvent, bodyEvent, anomalyEvent, exchangeEvent),
		Telling:  e.has(upgradeEvent, exchangeEvent) && !e.has(messageEvent),
		Messages: e.has(messageEvent),
		Digest:   e.has(bodyEvent, exchangeEvent),
	}
	if e.has(bodyEvent, exchangeEvent) {
		n.Body = body
	}
	return n
}
