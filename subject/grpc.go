package subject

import "github.com/socktrace/socktrace/wire"

// called notes why a call of gRPC has failed: the name of its status, and what its
// server says.
func called(x *wire.Exchange) {
	g, is := x.GRPC()
	switch {
	case !is || g.Status == "" || g.Status == "OK" || x.Outcome.Error != "":
	case g.Message == "":
		x.Outcome.Error = clip(g.Status)
	default:
		x.Outcome.Error = clip(g.Status + ": " + g.Message)
	}
}
