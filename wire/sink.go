package wire

import (
	"iter"
	"time"
)

// Sink consumes the events of all connections: those of one come in order and
// one at a time. After one of its methods has returned an error, or has panicked,
// the sink is reported once and gets no more events; Close is still called.
type Sink interface {
	// Event consumes ev. x is what is known so far of the exchange that ev
	// belongs to, with ev in it; nil if ev is of a connection itself, or comes
	// behind the end of its exchange. For the last event of an exchange, x is ev;
	// for the Open of a connection inside another, what carries it.
	// It is valid during the call only; who Keeps may keep a copy of it.
	Event(ev Event, x *Exchange) error
	Close() error
	// Needs is asked before the first event, and always says the same.
	Needs() Needs
}

// Ticker is a Sink that has something to say when time passes and nothing
// happens.
type Ticker interface {
	// Tick is told the time of the traffic, now and then, and what is open then.
	// What it is given is the caller's, each until the next is asked for. Nothing
	// happens to the connection of an exchange while Tick looks at it.
	Tick(now time.Time, open iter.Seq[*Exchange]) error
}

// Needs says what a sink wants to be told, and what it does with it. What no
// sink needs is not made: without Sizes there are no Message events, without
// Fields heads have none.
type Needs struct {
	// Lines asks for start lines and what they mean: method, target, operation,
	// status, reason.
	Lines bool
	// Fields asks for header and trailer fields.
	Fields bool
	// Sizes asks what bodies and streams consist of: a Message event for each
	// unit, which has no Data, and of bodies their size without codings.
	Sizes bool
	// Telling asks for what people are told of an exchange in a line: Message events
	// for the units of streams, as Sizes does, and, with their Data, for the
	// documents that tell what things are called, how a process ended, or why
	// something failed. What else is in a body of JSON is not looked at.
	Telling bool
	// Messages asks for Message events with their Data.
	Messages bool
	// Body is how many bytes of each body are kept for its event; with
	// Messages, a few are kept for a look at its beginning in any case.
	Body int64
	// Digest asks for those of binary bodies.
	Digest bool

	// Keeps says that the sink keeps events after Event has returned; Message
	// events only as clones. The memory of what nobody keeps is used again: of
	// an event when Event has returned, and of what is part of an exchange when
	// it has returned for its Exchange event.
	Keeps bool
	// Concurrent says that Event may be called for several connections at once.
	// Otherwise it is called by one goroutine at a time.
	Concurrent bool
}

// Union returns what serves both n and o: what either needs. It is concurrent
// if both are.
func (n Needs) Union(o Needs) Needs {
	return Needs{
		Lines:      n.Lines || o.Lines,
		Fields:     n.Fields || o.Fields,
		Sizes:      n.Sizes || o.Sizes,
		Telling:    n.Telling || o.Telling,
		Messages:   n.Messages || o.Messages,
		Body:       max(n.Body, o.Body),
		Digest:     n.Digest || o.Digest,
		Keeps:      n.Keeps || o.Keeps,
		Concurrent: n.Concurrent && o.Concurrent,
	}
}
