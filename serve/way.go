package serve

import "github.com/socktrace/socktrace/wire"

// way is how the exchanges of a connection are served.
type way uint8

const (
	byClient  way = iota // as what clients ask for
	byDaemon             // as what the daemon asks its client for, in a session of BuildKit
	elsewhere            // not at all
)

// h2c is what a connection is upgraded to that speaks HTTP/2 from there on (RFC 7540, section 3.2;
// Docker's POST /grpc and POST /session).
const h2c = "h2c"

// session is the operation by which a client offers itself to the daemon as a server.
const session = "Session"

// wayOf says how the exchanges of c are served.
func wayOf(c *wire.Conn) way {
	switch carrier := c.Parent.Conn; {
	case carrier == nil:
		return byClient
	case carrier.Parent.Conn != nil || c.Via != h2c:
		return elsewhere
	case c.Reversed:
		return byDaemon
	}
	return byClient
}

// becomesHTTP2 reports whether x has left HTTP/1 for HTTP/2.
func becomesHTTP2(x *wire.Exchange) bool { return x.Upgrade != nil && x.Upgrade.Protocol == h2c }

// isCall reports whether a request with these fields is a call of gRPC.
func isCall(fields []wire.Field) bool {
	return wire.IsGRPC(wire.MediaType(wire.FieldValue(fields, "Content-Type")))
}
