package lesson

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/wire"
)

// maxStories is how many commands are listed.
const maxStories = 100

// explain has a Teller say what the steps are for, in the order of time: recordings tell of
// exchanges when they have ended, and why one is asked for is known from what came before
// its beginning. The stories of clients are those of their connections.
func (a *account) explain() {
	type moment struct {
		at    time.Time
		order int
		ev    wire.Event
		x     *wire.Exchange
	}
	var all []moment
	last := make(map[*wire.Conn]time.Time) // when a connection ends
	maps.Copy(last, a.ends)
	for _, p := range a.steps {
		x := p.x
		if x.Request != nil {
			all = append(all, moment{x.Start, len(all), x.Request, x})
		}
		all = append(all, moment{x.End, len(all), x, x})
		last[x.Conn] = later(last[x.Conn], x.End)
	}
	for _, c := range a.inOrder(last) {
		all = append(all, moment{last[c], len(all), &wire.Close{Meta: wire.Meta{Conn: c, Start: last[c], End: last[c]}}, nil})
	}
	slices.SortFunc(all, func(m, n moment) int { return cmp.Or(m.at.Compare(n.at), cmp.Compare(m.order, n.order)) })
	teller := explain.NewTeller()
	for _, m := range all {
		teller.Explain(m.ev, m.x)
		if end, ok := m.ev.(*wire.Close); ok && end.Story != nil && a.left == 0 && len(a.told) < maxStories {
			a.told = append(a.told, end.Story)
		}
	}
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
