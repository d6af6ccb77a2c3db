package flow

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// Spent is the code of the anomaly of an exchange of which a part is not kept
// until its end, since Options.Memory is spent.
const Spent = "memory-spent"

const (
	// recordRoom is about what an open exchange needs beside what its events
	// hold, in bytes: here, in a snapshot, and in sinks.
	recordRoom = 1 << 10
	// maxShort bounds the texts of a head for which there is no memory.
	maxShort = 1 << 10
	// maxInterim bounds the 1xx responses that are kept of an exchange, in bytes.
	maxInterim = 1 << 20
)

// ledger is what is charged for one exchange.
type ledger struct {
	account   *memory.Account // of its connection
	charged   int             // of the account
	interim   int             // bytes of 1xx responses
	learnt    int             // bytes of subject, details and outcome
	explained int             // bytes of what is said
	spent     *wire.Anomaly   // says that a part is not kept; nil: all is
	told      bool            // it was
}

// afford charges what x will hold of ev, and returns that: ev, or, if there is no
// memory for it, as little of it as can be; nil for nothing.
func (l *ledger) afford(x *wire.Exchange, ev wire.Event) wire.Event {
	switch ev.(type) {
	case *wire.Request, *wire.Response, *wire.Body, *wire.Anomaly:
	default:
		return ev // nothing of it is held
	}
	n, fits := wire.DataBytes(ev), true
	if r, ok := ev.(*wire.Response); ok && r.Interim {
		fits = l.interim+n <= maxInterim
		l.interim += n
	}
	if fits && l.take(n) {
		return ev
	}
	l.lacks(x, ev, n)
	short := shorten(ev)
	if short != nil {
		l.force(wire.DataBytes(short))
	}
	return short
}

// take charges n bytes, if there are as many.
func (l *ledger) take(n int) bool {
	if !l.account.Take(n) {
		return false
	}
	l.charged += n
	return true
}

// force charges n bytes.
func (l *ledger) force(n int) {
	l.account.Force(n)
	l.charged += n
}

// lacks notes that n bytes of ev are not kept: the first time by an anomaly of the
// exchange.
func (l *ledger) lacks(x *wire.Exchange, ev wire.Event, n int) {
	l.account.Missed(n)
	if l.spent != nil {
		return
	}
	m := *ev.EventMeta()
	m.Exchange = x.Exchange
	l.spent = &wire.Anomaly{Meta: m, Code: Spent, Detail: fmt.Sprintf("%d bytes of what is told at the end", n)}
	x.Anomalies = append(x.Anomalies, l.spent)
}

// takeSpent returns that anomaly once, when it is to be told; nil otherwise.
func (l *ledger) takeSpent() *wire.Anomaly {
	if l.spent == nil || l.told {
		return nil
	}
	l.told = true
	return l.spent
}

// shorten returns what is kept of ev where there is no memory for it, in memory of
// its own.
func shorten(ev wire.Event) wire.Event {
	switch ev := ev.(type) {
	case *wire.Request:
		q := *ev
		q.Fields, q.Masked = nil, nil
		for _, s := range []*string{&q.Method, &q.Target, &q.Version, &q.Scheme, &q.Authority, &q.Call.Operation, &q.Call.Version, &q.Call.Subject} {
			*s = short(*s)
		}
		return &q
	case *wire.Response:
		if ev.Interim {
			return nil
		}
		p := *ev
		p.Fields, p.Masked = nil, nil
		p.Version, p.Reason = short(p.Version), short(p.Reason)
		return &p
	case *wire.Body:
		b := *ev
		b.Truncated = b.Truncated || b.Data != nil
		b.Data, b.Trailer, b.Masked = nil, nil, nil
		b.Coding = short(b.Coding)
		return &b
	}
	return nil
}

// short returns the beginning of s.
func short(s string) string { return strings.Clone(s[:min(len(s), maxShort)]) }
