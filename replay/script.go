package replay

import (
	"cmp"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/wire"
)

// A Script is what to send to a daemon.
type Script struct {
	Steps []*Step // in the order in which they began
}

// A Step is an exchange that is done again.
type Step struct {
	// Recorded is the exchange, as it may be shown.
	Recorded *diff.Exchange
	// Why says why it is not sent again; empty if it is, or was.
	Why string
	// Notes say what was otherwise than in the recording when it was sent: what was left out,
	// what did not end.
	Notes []string
	// Conn and Exchange say which exchange it has become, as the dialler numbers connections;
	// both are 0 if it was not sent.
	Conn, Exchange int
	// Before are the exchanges in which the same was asked before, since the answer was not yet
	// what it had been: see again.go.
	Before [][2]int

	unsettled bool           // the answer is not yet what it was
	failed    bool           // it was not sent, against the plan
	sent      *diff.Exchange // as it was sent, with its secrets
	input     *input         // nil if there is none
	position  [marks]int     // in the order of the script
}

// Changes reports whether the request may change the daemon, or what it has.
func (s *Step) Changes() bool {
	m := s.Recorded.Request.Method
	return m != "GET" && m != "HEAD" && m != "OPTIONS"
}

// Options say what is sent.
type Options struct {
	Reads bool // only what changes nothing
}

// New returns the script of a session: shown is what may be shown of it, and sent has kept
// what was sent in the same.
func New(shown *diff.Session, sent *Sink, o Options) *Script {
	at := make(map[place]*diff.Exchange)
	for _, x := range sent.Session().Exchanges {
		at[placeOf(x)] = x
	}
	s := &Script{}
	for _, x := range shown.Exchanges {
		step := &Step{Recorded: x, sent: at[placeOf(x)], input: sent.inputs[placeOf(x)]}
		step.Why = step.why()
		if step.Why == "" && o.Reads && step.Changes() {
			step.Why = "it changes the daemon"
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

// placeOf returns where an exchange was.
func placeOf(x *diff.Exchange) place { return place{x.Conn.ID, x.Exchange.Exchange} }

// Count returns how many requests are sent, and how many of them change the daemon.
func (s *Script) Count() (sent, change int) {
	for _, step := range s.Steps {
		if step.Why != "" {
			continue
		}
		sent++
		if step.Changes() {
			change++
		}
	}
	return sent, change
}

// lanes returns what is sent on each connection, in order.
func (s *Script) lanes() [][]*Step {
	of := make(map[*wire.Conn]int)
	var all [][]*Step
	for _, step := range s.Steps {
		if step.Why != "" {
			continue
		}
		i, ok := of[step.Recorded.Conn]
		if !ok {
			i = len(all)
			of[step.Recorded.Conn] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], step)
	}
	for _, lane := range all {
		slices.SortFunc(lane, func(a, b *Step) int {
			return cmp.Compare(a.Recorded.Exchange.Exchange, b.Recorded.Exchange.Exchange)
		})
	}
	return all
}

// leaves reports whether the client went away, or the recording ended, before the answer did.
func (s *Step) leaves() bool {
	return s.Recorded.Outcome.Left || s.Recorded.State == wire.StateOpen || s.Recorded.State == wire.StatePartial
}

// waits reports whether the answer lasts until something happens.
func (s *Step) waits() bool { return s.Recorded.Waits() || s.Recorded.Request.Call.Waits }

// note says what was otherwise; each thing once.
func (s *Step) note(text string) {
	if !slices.Contains(s.Notes, text) {
		s.Notes = append(s.Notes, strings.Clone(text))
	}
}

// Failed reports whether the step was to be sent, and was not.
func (s *Step) Failed() bool { return s.failed }
