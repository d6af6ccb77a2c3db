package replay

import (
	"cmp"
	"slices"

	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// A Script is what to send to a daemon.
type Script struct {
	Steps []*Step // in the order in which they began
}

// Options say what is sent.
type Options struct {
	Reads bool // only what changes nothing
}

// New returns the script of a session: shown is what may be shown of it, and sent has kept
// what was sent in the same.
func New(shown *diff.Session, sent *Sink, o Options) *Script {
	at := make(map[Place]*diff.Exchange)
	for _, x := range sent.Session().Exchanges {
		nameCall(x)
		at[PlaceOf(x)] = x
	}
	s := &Script{}
	for _, x := range shown.Exchanges {
		nameCall(x)
		step := &Step{Recorded: x, sent: at[PlaceOf(x)], input: sent.inputs[PlaceOf(x)]}
		step.Why = step.why()
		if step.Why == "" && o.Reads && step.Changes() {
			step.Why = "it changes the daemon"
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

// nameCall says what an exchange asks for, if its recording does not: those of other programs tell
// nothing of Docker.
func nameCall(x *diff.Exchange) {
	if x.Request.Call.Operation != "" {
		return
	}
	call, ok := dockerapi.Match(x.Request.Method, x.Request.Target)
	if !ok {
		return
	}
	named, request := *x.Exchange, *x.Request
	request.Call = call.Told()
	named.Request = &request
	x.Exchange = &named
}

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
