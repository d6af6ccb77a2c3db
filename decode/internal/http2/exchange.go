package http2

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// exchange is a stream: a request and its response while they go by (RFC 9113, section
// 8.1).
//
// What nearly every exchange has is in one piece of memory: allocating is most
// of what decoding a small exchange costs.
type exchange struct {
	body.Exchange
	stream   uint32
	state    wire.State
	off      int64 // of the request's head; that of a push comes from the server
	start    time.Time
	asked    bool    // the request's head was seen
	answered bool    // and that of the final response
	known    [2]bool // by direction: and all fields of it
	begun    [2]bool // by direction: the body
	gaps     [2]int  // how much of the direction was lost when the exchange was looked at last
	size     [2]int64
	protocol string // what a CONNECT asks for; empty for other requests
	request  wire.Request
	response wire.Response
	fields   [2][]wire.Field // of the heads, by direction
	room     [4][]wire.Field // memory for them, and for trailers, where events are lent
	reset    wire.Reset
	isReset  bool
	left     bool // the client did not want the rest
	charged  int  // of the account
	end      wire.End
}

// misses notes that a head of x was not captured, if that is so.
func (x *exchange) misses(torn bool) {
	if torn {
		x.state = wire.StatePartial
	}
}

// number returns the number of x; 0 for nil.
func (x *exchange) number() int {
	if x == nil {
		return 0
	}
	return x.Number
}
