package filter

import (
	"iter"

	"github.com/socktrace/socktrace/wire"
)

// Judge implements wire.Filter.
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

// answer implements answers: it asks a probe that has not decided, and may by now.
func (j *judge) answer(part int) wire.Verdict {
	v := &j.verdicts[part]
	if *v == wire.Undecided && (j.more || j.watching[part]) {
		var err error
		if *v, err = j.probes[part].look(&j.view); err != nil && j.err == nil {
			j.err = err
		}
	}
	return *v
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
