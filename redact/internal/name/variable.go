package name

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// Chars are those of the names of variables, labels, options and flags.
var Chars = chars.Of("aA0", "_.-")

// Of returns what the name of a variable, label, parameter, header field or option
// says of its value. What the user gave tells of secrets of all kinds.
func (g Given) Of(name []byte) words.Meaning {
	if !words.May(name) && !g.Any() {
		return 0
	}
	if g.asked == nil {
		return g.of(name)
	}
	if made, ok := g.asked.Of(name); ok {
		return words.Meaning(made)
	}
	m := g.of(name)
	g.asked.Put(name, uint32(m))
	return m
}

// of is Of, told anew.
func (g Given) of(name []byte) words.Meaning {
	if g.Has(name) {
		return words.Secret | words.Deep | words.Strict
	}
	return words.Of(name)
}

// OfFlag returns what the option with this name says of the word behind it. One
// letter says nothing.
func (g Given) OfFlag(name []byte) words.Meaning {
	if len(name) < 2 || chars.HasFoldAt(name, 0, "no-") {
		return 0
	}
	return g.Of(name)
}
