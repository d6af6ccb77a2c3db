package filter

import (
	"iter"

	"github.com/socktrace/socktrace/wire"
)

// Filter is a wire.Filter.
type Filter struct {
	root  node
	parts []part // the leaves of root, by their numbers
	needs wire.Needs
}

// node says of an exchange whether it is to be shown, as far as that is known.
type node interface {
	eval(j *judge) wire.Verdict
}

// part is a node that is not made of others.
type part interface {
	// probe returns what looks at exchanges, one after the other.
	probe() probe
	needs() wire.Needs
}

// probe looks at one exchange at a time. When it has decided, it is not asked again.
type probe interface {
	look(v *view) (wire.Verdict, error)
	reset()
}

// watcher is a probe that looks at each event. Others do when more is known.
type watcher interface{ watches() }

// of returns the filter that p is.
func of(p part) *Filter {
	n := p.needs()
	n.Lines = true
	return &Filter{root: leaf(0), parts: []part{p}, needs: n}
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
			all = &Filter{root, append(all.parts[:len(all.parts):len(all.parts)], f.parts...), all.needs.Union(f.needs)}
		}
	}
	return all
}

// Keeps returns f for bodies of which so many bytes are kept.
func (f *Filter) Keeps(body int64) *Filter {
	g := *f
	if g.needs.Body > 0 {
		g.needs.Body = body
	}
	return &g
}

// Needs is what the parts look at.
func (f *Filter) Needs() wire.Needs { return f.needs }

// Judge returns who judges exchanges of one connection.
func (f *Filter) Judge() wire.Judge {
	j := &judge{root: f.root, verdicts: make([]wire.Verdict, len(f.parts)), probes: make([]probe, len(f.parts)), watching: make([]bool, len(f.parts))}
	for i, p := range f.parts {
		j.probes[i] = p.probe()
		_, j.watching[i] = j.probes[i].(watcher)
		j.watches = j.watches || j.watching[i]
	}
	return j
}

// judge evaluates a filter for one exchange at a time.
type judge struct {
	root     node
	probes   []probe
	verdicts []wire.Verdict // of the parts
	watching []bool         // which probes are watchers
	watches  bool           // one is
	begun    bool           // it was asked of the exchange
	more     bool           // more is known of the exchange than when it was asked last
	err      error          // the first of a probe
	view
}

// Judge implements wire.Judge.
func (j *judge) Judge(ev wire.Event, x *wire.Exchange, before iter.Seq[wire.Event]) (wire.Verdict, error) {
	facts := known(ev, x)
	j.more = !j.begun || facts != j.known
	if !j.more && !j.watches {
		return wire.Undecided, nil
	}
	j.begun, j.err = true, nil
	j.view = view{ev, x, before, facts}
	v := j.root.eval(j)
	j.view = view{known: facts}
	return v, j.err
}

// Reset implements wire.Judge.
func (j *judge) Reset() {
	clear(j.verdicts)
	for _, p := range j.probes {
		p.reset()
	}
	j.begun, j.view = false, view{}
}
