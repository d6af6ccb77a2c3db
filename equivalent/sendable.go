package equivalent

import "github.com/socktrace/socktrace/wire"

// unsendable says why nobody can ask for the same as x without being a client of its
// protocol; empty if one can.
func unsendable(x *wire.Exchange) string {
	r := x.Request
	if r == nil {
		return "The request was not seen."
	}
	if g, is := x.GRPC(); is {
		return "A call of gRPC, " + g.Method + ": its messages are binary, within HTTP/2. No such line asks for it."
	}
	if c := x.Conn; c != nil && c.Parent.Conn != nil && r.Stream != 0 {
		return "A request within HTTP/2 that another exchange carries: only who is an end of that can send it."
	}
	switch r.Call.Operation {
	case "Session", "GRPC":
		return "What follows is HTTP/2 with gRPC inside, which docker build speaks. No such line does."
	case "HTTP2Preface":
		return "The beginning of HTTP/2, not a request."
	}
	return ""
}
