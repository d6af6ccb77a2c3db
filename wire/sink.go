package wire

// Sink consumes the events of all connections: those of one come in order and
// one at a time. After Event has returned an error, or has panicked, the sink
// is reported once and gets no more events; Close is still called.
type Sink interface {
	Event(Event) error
	Close() error
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
		Messages:   n.Messages || o.Messages,
		Body:       max(n.Body, o.Body),
		Digest:     n.Digest || o.Digest,
		Keeps:      n.Keeps || o.Keeps,
		Concurrent: n.Concurrent && o.Concurrent,
	}
}
