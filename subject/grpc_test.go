package subject

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestCalled: a call of gRPC fails with a status of its own, whatever that of HTTP is.
func TestCalled(t *testing.T) {
	for _, c := range []struct{ typ, status, message, before, want string }{
		{"application/grpc", "0", "", "", ""},
		{"application/grpc", "", "", "", ""},
		{"application/grpc", "5", "no%20such", "", "NotFound: no such"},
		{"application/grpc", "12", "", "", "Unimplemented"},
		{"application/grpc", "5", "x", "known", "known"},
		{"text/plain", "5", "x", "", ""},
	} {
		x := &wire.Exchange{
			Request:  &wire.Request{Stream: 1, Target: "/a.B/C", Fields: []wire.Field{{Name: "content-type", Value: c.typ}}},
			Response: &wire.Response{Status: 200},
			Outcome:  wire.Outcome{Error: c.before},
		}
		if c.status != "" {
			x.ResponseBody = &wire.Body{Trailer: []wire.Field{{Name: "grpc-status", Value: c.status}, {Name: "grpc-message", Value: c.message}}}
		}
		if NewReader().Learn(x, x); x.Outcome.Error != c.want {
			t.Errorf("%+v: got %q", c, x.Outcome.Error)
		}
	}
}

// TestOverdue: a call whose time is over has failed, although its client left it.
func TestOverdue(t *testing.T) {
	for _, c := range []struct {
		took         time.Duration
		before, want string
	}{
		{100 * time.Millisecond, "", "DeadlineExceeded: the client waited 100ms for it"},
		{100 * time.Millisecond, "known", "known"},
		{50 * time.Millisecond, "", ""},
	} {
		x := &wire.Exchange{
			Meta:    wire.Meta{Start: time.Unix(1, 0), End: time.Unix(1, 0).Add(c.took)},
			State:   wire.StateAborted,
			Request: &wire.Request{Stream: 1, Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}, {Name: "grpc-timeout", Value: "99999900n"}}},
			Reset:   &wire.Reset{Dir: wire.ToServer, Code: 8},
			Outcome: wire.Outcome{Error: c.before, Left: true},
		}
		if NewReader().Learn(x, x); x.Outcome.Error != c.want || !x.Outcome.Left {
			t.Errorf("%+v: got %+v", c, x.Outcome)
		}
	}
}
