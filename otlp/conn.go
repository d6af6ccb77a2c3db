package otlp

import "github.com/socktrace/socktrace/wire"

// conn is what is known of a connection.
type conn struct {
	wire    *wire.Conn
	command *command // of those that no other carries; nil: nothing was asked yet
	open    openSpans
	ended   map[int]spanContext // of those that carry connections
	ends    []byte              // attributes of both ends
	peer    []byte              // and those of spans of clients
	kept    bool
}
