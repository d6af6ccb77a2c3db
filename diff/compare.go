package diff

import (
	"slices"

	"github.com/socktrace/socktrace/compare"
)

// Options say how sessions are compared.
type Options struct {
	// Ignore are places in which exchanges may differ: see Ignores.
	Ignore []string
	// Same are pairs of names, of A and of B, that stand for each other.
	Same [][2]string
	// Of returns the exchange of B that belongs to one of A, where that is known: nil if none
	// does. If Of itself is nil, exchanges are paired by what they ask for.
	Of func(a *Exchange) *Exchange
	// Skip says why an exchange of A is not compared; empty if it is. Nil: all are.
	Skip func(a *Exchange) string
}

// Bounds of the changes that are told one by one: of an exchange, and all together besides one of
// each exchange.
const (
	maxChanges = 200
	maxTold    = 1 << 16
)

// Compare returns what b did differently from a. It changes neither.
func Compare(a, b *Session, o Options) *Result {
	ids := compare.New()
	for _, pair := range o.Same {
		ids.Same(pair[0], pair[1])
	}
	r := &Result{A: a, B: b}
	a = r.takeSkipped(a, o.Skip)
	p := o.pairing(ids, a, b)
	ignored := newIgnored(o.Ignore)
	room := maxTold
	next := 0 // of the exchanges of B that are told in order
	found := make([]bool, len(b.Exchanges))
	for _, j := range p.of {
		if j >= 0 {
			found[j] = true
		}
	}
	extras := func(until int) {
		for ; next < until; next++ {
			if !found[next] {
				r.Items = append(r.Items, Item{Kind: Extra, B: b.Exchanges[next]})
			}
		}
	}
	for i, j := range p.of {
		if j < 0 {
			r.Items = append(r.Items, Item{Kind: Missing, A: a.Exchanges[i]})
			continue
		}
		if !p.moved[i] {
			extras(j)
		}
		item := Item{Kind: Changed, A: a.Exchanges[i], B: b.Exchanges[j]}
		if p.moved[i] {
			item.Kind = Moved
		}
		item.Changes = ignored.without(item.A.Operation(), differences(ids, item.A, item.B))
		if most := min(maxChanges, max(room, 1)); len(item.Changes) > most {
			item.More = len(item.Changes) - most
			item.Changes = slices.Clone(item.Changes[:most])
		}
		room -= len(item.Changes)
		r.Items = append(r.Items, item)
	}
	extras(len(b.Exchanges))
	r.takeCommon()
	r.fold()
	r.Stand, r.Unused = ids.Learned(), ignored.unused()
	return r
}

// takeSkipped notes which exchanges of a session are not compared, and returns it without them.
func (r *Result) takeSkipped(s *Session, why func(*Exchange) string) *Session {
	if why == nil {
		return s
	}
	return s.Without(func(x *Exchange) bool {
		said := why(x)
		if said != "" {
			r.Skipped = append(r.Skipped, Skipped{x, said})
		}
		return said != ""
	})
}

// pairing returns which exchanges belong together.
func (o *Options) pairing(ids *compare.Session, a, b *Session) *pairing {
	if o.Of == nil {
		return align(ids, a, b)
	}
	at := make(map[*Exchange]int, len(b.Exchanges))
	for j, y := range b.Exchanges {
		at[y] = j
	}
	p := &pairing{of: make([]int, len(a.Exchanges)), moved: make([]bool, len(a.Exchanges))}
	for i, x := range a.Exchanges {
		j, ok := at[o.Of(x)]
		if !ok {
			p.of[i] = -1
			continue
		}
		p.of[i] = j
		differences(ids, x, b.Exchanges[j]) // for the ids: streams may have some that are told later
	}
	return p
}
