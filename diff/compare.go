package diff

import (
	"slices"

	"github.com/socktrace/socktrace/compare"
)

// Options say how sessions are compared.
type Options struct {
	// Ignore are patterns of places in which exchanges may differ. Each is a place as a Difference has
	// it, or the part behind its first words: "HostConfig.Memory" for "body HostConfig.Memory",
	// "User-Agent" for "request header User-Agent"; what is inside of a field is meant with it. It
	// may have * for any characters, and begin with an operation and a colon.
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
	ignored := compare.NewPlaces(o.Ignore)
	r.tell(o.pairing(ids, a, b), a, b, func(x, y *Exchange) []Change {
		return slices.DeleteFunc(differences(ids, x, y), func(c Change) bool { return ignored.Have(x.Operation(), c.Place) })
	})
	r.leaveOut(ignored)
	r.takeCommon()
	r.fold()
	r.Stand, r.Unused = ids.Learned(), ignored.Unused()
	return r
}

// tell makes an item of each exchange: in the order of A, and of what is extra where it came.
func (r *Result) tell(p *pairing, a, b *Session, compared func(x, y *Exchange) []Change) {
	found := make([]bool, len(b.Exchanges))
	for _, j := range p.of {
		if j >= 0 {
			found[j] = true
		}
	}
	next := 0 // of the exchanges of B that are told in order
	extras := func(until int) {
		for ; next < until; next++ {
			if !found[next] {
				r.Items = append(r.Items, Item{Kind: Extra, B: b.Exchanges[next]})
			}
		}
	}
	room := maxTold
	for i, j := range p.of {
		if j < 0 {
			r.Items = append(r.Items, Item{Kind: Missing, A: a.Exchanges[i]})
			continue
		}
		item := Item{Kind: Moved, A: a.Exchanges[i], B: b.Exchanges[j]}
		if !p.moved[i] {
			item.Kind = Changed
			extras(j)
		}
		item.tell(compared(item.A, item.B), min(maxChanges, max(room, 1)))
		room -= len(item.Changes)
		r.Items = append(r.Items, item)
	}
	extras(len(b.Exchanges))
}

// leaveOut has exchanges of which nothing counts be neither missing nor extra, and in any order.
func (r *Result) leaveOut(ignored *compare.Places) {
	r.Items = slices.DeleteFunc(r.Items, func(i Item) bool {
		x := i.A
		if x == nil {
			x = i.B
		}
		return (i.Kind == Missing || i.Kind == Extra) && ignored.HaveAll(x.Operation())
	})
	for i := range r.Items {
		if item := &r.Items[i]; item.Kind == Moved && ignored.HaveAll(item.A.Operation()) {
			item.Kind = Changed
		}
	}
}

// tell has an item tell so many changes at most; of the others it tells how many there are.
func (i *Item) tell(all []Change, most int) {
	i.Changes = all
	if len(all) > most {
		i.Changes, i.More = slices.Clone(all[:most]), len(all)-most
	}
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
