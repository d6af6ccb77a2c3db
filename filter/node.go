package filter

import "github.com/socktrace/socktrace/wire"

// leaf is a part, by its number.
type leaf int

// and, or and not are those of three values: what is not known may be either.
type (
	and struct{ a, b node }
	or  struct{ a, b node }
	not struct{ a node }
)

func (l leaf) eval(j *judge) wire.Verdict {
	v := &j.verdicts[l]
	if *v == wire.Undecided && (j.more || j.watching[l]) {
		var err error
		if *v, err = j.probes[l].look(&j.view); err != nil && j.err == nil {
			j.err = err
		}
	}
	return *v
}

func (n and) eval(j *judge) wire.Verdict {
	a := n.a.eval(j)
	if a == wire.Hidden {
		return a
	}
	if b := n.b.eval(j); b != wire.Shown {
		return b
	}
	return a
}

func (n or) eval(j *judge) wire.Verdict {
	a := n.a.eval(j)
	if a == wire.Shown {
		return a
	}
	if b := n.b.eval(j); b != wire.Hidden {
		return b
	}
	return a
}

func (n not) eval(j *judge) wire.Verdict {
	switch n.a.eval(j) {
	case wire.Shown:
		return wire.Hidden
	case wire.Hidden:
		return wire.Shown
	}
	return wire.Undecided
}

// shift returns n with other numbers of its parts.
func shift(n node, by int) node {
	switch n := n.(type) {
	case and:
		return and{shift(n.a, by), shift(n.b, by)}
	case or:
		return or{shift(n.a, by), shift(n.b, by)}
	case not:
		return not{shift(n.a, by)}
	}
	return n.(leaf) + leaf(by)
}

// verdict returns what is so, or is not.
func verdict(is bool) wire.Verdict {
	if is {
		return wire.Shown
	}
	return wire.Hidden
}
