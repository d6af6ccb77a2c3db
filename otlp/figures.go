package otlp

import "github.com/socktrace/socktrace/wire"

// bounds are those of the buckets of durations, in seconds (semantic conventions,
// http.server.request.duration).
var bounds = [...]float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}

// kind is what requests are told apart by: none of it is chosen by a client.
type kind struct {
	method, scheme string
	route          string // of an operation that is known; else empty
	status         int    // 0: there was no answer
	failure        string // empty: none of the server's
	other          bool   // one of those over the bound
}

// durations are those of the requests of a kind.
type durations struct {
	kind
	count   uint64
	sum     float64 // seconds
	buckets [len(bounds) + 1]uint64
}

// figures are what a Meter has counted.
type figures struct {
	kinds  []*durations // sorted
	active []activity   // sorted
	open   int64        // connections
	conns  int64        // in all
	bytes  [2]int64     // carried by them, by direction
	lost   int64        // spans and log records that the collector has not got
}

// asked is what requests that are open are told apart by.
type asked struct{ method, scheme string }

// activity is how many requests are open.
type activity struct {
	asked
	n int64
}

// kindOf returns what an exchange is told apart by. What blames the client is no failure of
// the server (semantic conventions: error.type).
func kindOf(x *wire.Exchange, scheme string) (k kind) {
	k.scheme = scheme
	if x.Request != nil {
		k.method, k.route = knownMethod(x.Request.Method), template(callOf(x))
	}
	if x.Response != nil {
		k.status = x.Response.Status
	}
	if g := new(wire.GRPC); !blamesClient(x, g) {
		k.failure = errorType(x, g)
	}
	return k
}
