package stats

import (
	"cmp"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// why returns why an exchange has failed, in words.
func why(x *wire.Exchange) string {
	switch {
	case x.Outcome.Error != "":
		return x.Outcome.Error
	case x.Response == nil:
		return "no answer"
	case x.Response.Status >= 400:
		return cmp.Or(x.Response.Reason, "status "+strconv.Itoa(x.Response.Status))
	}
	return "broken off"
}

// took returns how long an exchange took; false if it was not seen from its
// beginning to its end.
func took(x *wire.Exchange) (time.Duration, bool) {
	whole := x.State == wire.StateDone || x.State == wire.StateAborted
	return x.End.Sub(x.Start), whole && x.Request != nil && !x.Start.IsZero() && !x.End.IsZero()
}

// sent returns the bytes of heads and bodies of an exchange, by direction.
func sent(x *wire.Exchange) (bytes [2]int64) {
	if x.Request != nil {
		bytes[wire.ToServer] += x.Request.HeadBytes
	}
	if x.Response != nil {
		bytes[wire.ToClient] += x.Response.HeadBytes
	}
	for _, r := range x.Interim {
		bytes[wire.ToClient] += r.HeadBytes
	}
	for dir, b := range [...]*wire.Body{x.RequestBody, x.ResponseBody} {
		if b != nil {
			bytes[dir] += b.WireBytes
		}
	}
	return bytes
}
