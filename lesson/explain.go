package lesson

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// explain has a Teller say what the steps are for, in the order of time: recordings tell of
// exchanges when they have ended, and why one is asked for is known from what came before
// its beginning. The stories of clients are those of their connections, unless recordings
// tell some: those who saw it live knew more.
func (a *account) explain() {
	type moment struct {
		at    time.Time
		order int
		ev    wire.Event
		x     *wire.Exchange
		step  *step // whose request it is; nil: it is none
	}
	var all []moment
	last := make(map[*wire.Conn]time.Time) // when a connection ends
	maps.Copy(last, a.ends)
	for _, p := range a.steps {
		x := p.x
		if x.Request != nil {
			all = append(all, moment{x.Start, len(all), x.Request, x, p})
		}
		all = append(all, moment{x.End, len(all), x, x, nil})
		last[x.Conn] = later(last[x.Conn], x.End)
	}
	for _, c := range a.inOrder(last) {
		all = append(all, moment{last[c], len(all), &wire.Close{Meta: wire.Meta{Conn: c, Start: last[c], End: last[c]}}, nil, nil})
	}
	slices.SortFunc(all, func(m, n moment) int { return cmp.Or(m.at.Compare(n.at), cmp.Compare(m.order, n.order)) })
	teller, known := explain.NewTeller(), len(a.told) > 0
	for _, m := range all {
		teller.Explain(m.ev, m.x)
		if m.step != nil {
			m.step.by = teller.By(m.x)
			call := callIn(m.x)
			for range m.step.carried() {
				teller.Explain(call.Request, call)
			}
		}
		if end, ok := m.ev.(*wire.Close); ok && end.Story != nil && !known && a.left == 0 && len(a.told) < maxStories {
			a.tell(end.Conn, end.Story)
		}
	}
}

// callIn returns a call that x carries, as far as stories count such.
func callIn(x *wire.Exchange) *wire.Exchange {
	m := wire.Meta{Conn: &wire.Conn{Via: "h2c", Parent: wire.Parent{Conn: x.Conn, Exchange: x.Meta.Exchange}}, Exchange: 1, Start: x.Start}
	return &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m}}
}

// inOrder returns connections in the order of their first steps.
func (a *account) inOrder(of map[*wire.Conn]time.Time) (all []*wire.Conn) {
	seen := make(map[*wire.Conn]bool)
	for _, p := range a.steps {
		if c := p.x.Conn; !seen[c] && !of[c].IsZero() {
			seen[c] = true
			all = append(all, c)
		}
	}
	return all
}
