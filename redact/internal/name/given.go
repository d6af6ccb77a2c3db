// Package name knows names of secrets: those of variables, labels, options and
// flags by the words in them, and those that the user gives.
package name

import "github.com/socktrace/socktrace/redact/internal/memo"

// Given are the names of secrets that a user gave. None is the zero value. It is safe for
// concurrent use.
type Given struct {
	folded map[string]bool
	asked  *memo.Memo // what names say, which is asked again and again; nil: it is told anew
}

// NewGiven returns these names.
func NewGiven(names []string) Given {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		var buf [Max]byte
		if folded, _ := Fold(&buf, []byte(name)); len(folded) > 0 {
			m[string(folded)] = true
		}
	}
	return Given{m, new(memo.Memo)}
}

// Any says whether there are any.
func (g Given) Any() bool { return len(g.folded) > 0 }

// Has says whether name is one of them.
func (g Given) Has(name []byte) bool {
	if !g.Any() {
		return false
	}
	var buf [Max]byte
	folded, _ := Fold(&buf, name)
	return g.HasFolded(folded)
}

// HasFolded is Has of a name as Fold returns it.
func (g Given) HasFolded(folded []byte) bool { return g.folded[string(folded)] }
