package render

import "github.com/socktrace/socktrace/wire"

// leaves says whether all that there is to say of how an exchange ended is that its
// client left. What the daemon had failed at by then says more: clients close a
// stream whose last word is an error.
func leaves(x *wire.Exchange) bool { return x.Outcome.Left && x.Outcome.Error == "" }

// brokeOff says whether an exchange ended before its time, and not because its client
// left.
func brokeOff(x *wire.Exchange) bool { return x.State != wire.StateDone && !x.Outcome.Left }

// failedLate says whether an exchange failed behind an answer that said that all was
// well, as streams do.
func failedLate(x *wire.Exchange) bool {
	return x.Outcome.Error != "" && x.Response != nil && x.Response.Status < 400
}

// givenUp says whether an exchange failed without an answer: its client did not wait any
// longer.
func givenUp(x *wire.Exchange) bool { return x.Outcome.Error != "" && x.Response == nil }
