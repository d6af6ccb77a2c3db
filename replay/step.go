package replay

import (
	"slices"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/wire"
)

// A Step is an exchange that is done again.
type Step struct {
	// Recorded is the exchange, as it may be shown.
	Recorded *diff.Exchange
	// Why says why it is not sent again; empty if it is, or was.
	Why string
	// Notes say what was otherwise than in the recording when it was sent: what was left out,
	// what did not end.
	Notes []string
	// Became says which exchange it has become, as the dialler numbers connections; zero if it
	// was not sent.
	Became Place
	// Before are the exchanges in which the same was asked before, since the answer was not yet
	// what it had been: see again.go.
	Before []Place

	unsettled bool           // the answer is not yet what it was
	failed    bool           // it was not sent, against the plan
	sent      *diff.Exchange // as it was sent, with its secrets
	input     *input         // nil if there is none
	position  [marks]int     // in the order of the script
}

// The marks of a step, in their order.
const (
	markSent     = iota // its request was written
	markAnswered        // the head of the answer was read
	markEnded           // all of the answer was read, or the client has left
	marks               // how many there are
)

// Changes reports whether the request may change the daemon, or what it has.
func (s *Step) Changes() bool {
	m := s.Recorded.Request.Method
	return m != "GET" && m != "HEAD" && m != "OPTIONS"
}

// leaves reports whether the client went away, or the recording ended, before the answer did.
func (s *Step) leaves() bool {
	return s.Recorded.Outcome.Left || s.Recorded.State == wire.StateOpen || s.Recorded.State == wire.StatePartial
}

// waits reports whether the answer lasts until something happens.
func (s *Step) waits() bool { return s.Recorded.Waits() || s.Recorded.Request.Call.Waits }

// isSocket reports whether the connection became a WebSocket.
func (s *Step) isSocket() bool { return s.input != nil && s.input.socket }

// note says what was otherwise; each thing once.
func (s *Step) note(text string) {
	if !slices.Contains(s.Notes, text) {
		s.Notes = append(s.Notes, text)
	}
}

// Failed reports whether the step was to be sent, and was not.
func (s *Step) Failed() bool { return s.failed }
