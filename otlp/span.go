package otlp

import "github.com/socktrace/socktrace/wire"

// conn is what is known of a connection.
type conn struct {
	wire    *wire.Conn
	command *command // of those that no other carries; nil: nothing was asked yet
	open    map[int]*span
	ended   map[int]spanContext // of those that carry connections
	ends    []byte              // attributes of both ends
	kept    bool
}

// span is an exchange that is open.
type span struct {
	spanContext
	number  int // of the exchange
	parent  [8]byte
	remote  bool // the parent is a span of the client
	placed  bool
	carries bool // a connection
	link    spanContext
	command *command // nil: it has another trace
	stream  stream
}
