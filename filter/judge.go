package filter

import (
	"errors"
	"iter"

	"github.com/socktrace/socktrace/wire"
)

// Judge implements wire.Filter.
func (f *Filter) Judge() wire.Judge {
	n := len(f.parts)
	j := &judge{root: f.root, verdicts: make([]wire.Verdict, n), probes: make([]probe, n), watching: make([]bool, n), given: make([]bool, n)}
	j.scales = &scales{meter: newMeter(f.memory, f.most)}
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
	given    []bool         // which probes have given up
	watches  bool           // one is
	begun    bool           // it was asked of the exchange
	more     bool           // more is known of the exchange than when it was asked last
	err      error          // the first of a probe
	why      error          // the first has given up
	view
}

// answer implements answers: it asks a probe that has not decided, and may by now.
func (j *judge) answer(part int) wire.Verdict {
	v := &j.verdicts[part]
	if *v == wire.Undecided && !j.given[part] && (j.more || j.watching[part]) {
		var err error
		*v, err = j.probes[part].look(&j.view)
		j.failed(part, err)
	}
	return *v
}

// failed notes what a probe has returned.
func (j *judge) failed(part int, err error) {
	switch {
	case err == nil:
	case errors.Is(err, ErrGivenUp):
		j.given[part] = true
		if j.why == nil {
			j.why = err
		}
	case j.err == nil:
		j.err = err
	}
}

// Judge implements wire.Judge. What a probe has given up decides nothing: if the others
// do not either, the exchange is shown at its end.
func (j *judge) Judge(ev wire.Event, x *wire.Exchange, before iter.Seq[wire.Event]) (wire.Verdict, error) {
	facts := known(ev, x)
	j.more = !j.begun || facts != j.known
	if !j.more && !j.watches {
		return wire.Undecided, nil
	}
	j.begun, j.err = true, nil
	j.ev, j.x, j.before, j.known = ev, x, before, facts
	v := j.root.eval(j)
	j.ev, j.x, j.before = nil, nil, nil
	j.release()
	if v == wire.Undecided && facts&theEnd != 0 && j.why != nil {
		return wire.Shown, j.why
	}
	return v, j.err
}

// Reset implements wire.Judge.
func (j *judge) Reset() {
	clear(j.verdicts)
	clear(j.given)
	for _, p := range j.probes {
		p.reset()
	}
	j.begun, j.why, j.known = false, nil, 0
	j.meter.reset()
}
