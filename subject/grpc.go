package subject

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// called notes why a call of gRPC has failed: the name of its status, and what its
// server says; or that the time was over that its client had for it.
func called(x *wire.Exchange) {
	g, is := x.GRPC()
	switch {
	case is && g.Overdue(x) && x.Outcome.Error == "":
		x.Outcome.Error = "DeadlineExceeded: the client waited " + g.Timeout.Round(time.Millisecond).String() + " for it"
	case !is || g.Status == "" || g.Status == "OK" || x.Outcome.Error != "":
	case g.Message == "":
		x.Outcome.Error = clip(g.Status)
	default:
		x.Outcome.Error = clip(g.Status + ": " + g.Message)
	}
}
