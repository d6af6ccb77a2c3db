package filter

import (
	"time"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// Filter is a wire.Filter.
type Filter struct {
	root  node
	parts []part // the leaves of root, by their numbers
	needs wire.Needs

	memory *memory.Budget // for what it makes of exchanges
	most   time.Duration  // see meter
}

// of returns the filter that p is.
func of(p part) *Filter {
	n := p.needs()
	n.Lines = true
	return &Filter{root: leaf(0), parts: []part{p}, needs: n, most: maxWork}
}

// All returns the filter that shows what each of some shows; nil if there are none.
// Those that are nil do not count.
func All(filters ...*Filter) *Filter {
	var all *Filter
	for _, f := range filters {
		switch {
		case f == nil:
		case all == nil:
			all = f
		default:
			root := and{all.root, shift(f.root, len(all.parts))}
			parts := append(all.parts[:len(all.parts):len(all.parts)], f.parts...)
			all = &Filter{root: root, parts: parts, needs: all.needs.Union(f.needs), most: maxWork}
		}
	}
	return all
}

// WithBodies returns f for bodies of which so many bytes are kept.
func (f *Filter) WithBodies(body int64) *Filter {
	g := *f
	if g.needs.Body > 0 {
		g.needs.Body = body
	}
	return &g
}

// Within returns f with a share of the memory of others for what it makes of exchanges:
// documents become values that need many times as much. If it is unhurried, nobody's
// bytes wait for it, and it may take longer.
func (f *Filter) Within(m *memory.Budget, unhurried bool) *Filter {
	g := *f
	if g.memory = m; unhurried {
		g.most = patience * maxWork
	}
	return &g
}

// Needs is what the parts look at.
func (f *Filter) Needs() wire.Needs { return f.needs }
