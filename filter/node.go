package filter

import "github.com/socktrace/socktrace/wire"

// node says of an exchange whether it is to be shown, as far as that is known.
type node interface {
	eval(all answers) wire.Verdict
}

// answers are what is known of the parts of an expression.
type answers interface {
	answer(part int) wire.Verdict
}

// leaf is a part, by its number.
type leaf int

// and, or and not are those of three values: what is not known may be either.
type (
	and struct{ a, b node }
	or  struct{ a, b node }
	not struct{ a node }
)

func (l leaf) eval(a answers) wire.Verdict { return a.answer(int(l)) }

func (n and) eval(all answers) wire.Verdict {
	a := n.a.eval(all)
	if a == wire.Hidden {
		return a
	}
	if b := n.b.eval(all); b != wire.Shown {
		return b
	}
	return a
}

func (n or) eval(all answers) wire.Verdict {
	a := n.a.eval(all)
	if a == wire.Shown {
		return a
	}
	if b := n.b.eval(all); b != wire.Hidden {
		return b
	}
	return a
}

func (n not) eval(all answers) wire.Verdict {
	switch n.a.eval(all) {
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
