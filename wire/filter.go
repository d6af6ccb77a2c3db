package wire

import "iter"

// Filter says of which exchanges sinks are told.
type Filter interface {
	// Needs says what it looks at: what no sink and no filter needs is not made. It
	// always says the same.
	Needs() Needs
	// Judge returns who judges exchanges, one after the other.
	Judge() Judge
}

// Judge looks at one exchange at a time. It must not be used concurrently.
type Judge interface {
	// Judge says what is known of the exchange x now that ev belongs to it: it is not
	// asked again when that is decided, and decides with the last event, which is x.
	// before are the events that came before, as far as they are kept. All is the
	// caller's, as for Sink.Event. An error says that something went wrong, whatever
	// the verdict is.
	Judge(ev Event, x *Exchange, before iter.Seq[Event]) (Verdict, error)
	// Reset has it forget the exchange.
	Reset()
}

// Verdict is what becomes of an exchange.
type Verdict uint8

const (
	Undecided Verdict = iota // more has to be known of it
	Shown                    // sinks are told
	Hidden                   // they are not
)
