package http1

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// exchange is a request and its response while they go by.
//
// What nearly every exchange has is in one piece of memory: allocating is most
// of what decoding a small exchange costs.
type exchange struct {
	body.Exchange
	state     wire.State
	off       int64 // of the request
	start     time.Time
	request   wire.Request
	response  wire.Response
	fields    [2][]wire.Field // of the heads, by direction
	room      [2][]wire.Field // memory for them, where events are lent
	maySwitch bool            // the response may turn the connection into something else
	goOn      bool            // the client was told to send the body
	answered  bool            // the final response head was seen
	left      bool            // the client hung up within the response
	before    unread          // what was not understood of the answers when it began
	behind    int             // how many requests that were not understood may have come just before it
	charged   int             // of the account
	spare     [2]body.Spare   // what is left of its bodies
	end       wire.End
}

// maxRoom is how many fields an exchange leaves memory for.
const maxRoom = 64

// number returns the number of x; 0 for nil.
func (x *exchange) number() int {
	if x == nil {
		return 0
	}
	return x.Number
}
