package policy

import (
	"io"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// Options say what a Sink writes.
type Options struct {
	Proxy *Proxy // that rules are for; nil: an overview is written
	Form  string // of the rules
	Rules *Read  // that requests are compared with; nil: none are, and rules are written
	Width int    // of the terminal that is written to; 0: it is none
	// More is put behind an overview: what to do next.
	More string
}

// Sink adds up what clients ask for, and writes what becomes of that when it is closed. One
// goroutine at a time tells it events.
type Sink struct {
	account *account
	w       io.Writer
	o       Options
	denied  int64
}

// New returns a sink that writes to w, which it does not close.
func New(w io.Writer, o Options) *Sink {
	var rules Rules
	if o.Rules != nil {
		rules = o.Rules
	}
	return &Sink{account: newAccount(rules), w: w, o: o}
}

// Needs is what requests ask for, who asks, and the documents that tell of mounts.
func (s *Sink) Needs() wire.Needs { return wire.Needs{Lines: true, Fields: true, Telling: true} }

// Event adds what an event tells.
func (s *Sink) Event(ev wire.Event, x *wire.Exchange) error {
	s.account.event(ev, x)
	return nil
}

// Close writes what was seen as it is wanted.
func (s *Sink) Close() error {
	seen := s.account.result()
	var text string
	switch {
	case s.o.Rules != nil:
		s.denied = seen.Denied()
		text = seen.Denials(s.o.Rules.Title(), s.o.Width)
	case s.o.Proxy != nil:
		text = seen.Rules(s.o.Proxy, s.o.Form)
	default:
		text = seen.Overview()
		if seen.Requests > 0 {
			text += s.o.More
		}
	}
	_, err := io.WriteString(s.w, text)
	return err
}

// Saw reports whether there were requests. It is known when the sink is closed.
func (s *Sink) Saw() bool { return s.account.seen.Requests > 0 }

// Summary says what was written, when the sink is closed.
func (s *Sink) Summary() string {
	what := "an overview of "
	if s.o.Proxy != nil {
		what = "rules for " + s.o.Proxy.Name + ", of "
	}
	return what + plural.Of(int64(countNames(s.account.seen.operationsSeen())), "operation")
}

// Denied reports whether the rules would have denied something. It is known when the sink is
// closed.
func (s *Sink) Denied() bool { return s.denied > 0 }
