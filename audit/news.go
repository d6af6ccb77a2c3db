package audit

import (
	"slices"
	"sync/atomic"
)

// news are the marks of a line that nobody was told of before.
type news struct {
	marks []string
	heard *atomic.Bool // set once the line is written; may be nil
	after *thing       // some of the marks are of this, whose line may have told them; may be nil
}

// tell returns the marks that are to be told of a line that is written. Lines are written in
// their order, so what one before has told is known.
func (n *news) tell() []string {
	if n == nil {
		return nil
	}
	if n.heard != nil {
		n.heard.Store(true)
	}
	if n.after == nil || !n.after.heard.Load() {
		return n.marks
	}
	return slices.DeleteFunc(slices.Clone(n.marks), n.after.has)
}
