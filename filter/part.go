package filter

import "github.com/socktrace/socktrace/wire"

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
