package diff

import "github.com/socktrace/socktrace/compare"

// A Change is one thing in which two exchanges differ.
type Change struct {
	compare.Difference
	// Lines are those of a stream's text, or its documents, that only one of both has, with
	// some around them; empty for all else.
	Lines []Line
	// Note says that it may be by chance: it does not make two sessions differ.
	Note bool
	// Share says of how many exchanges it is told, if it is told once: "6 of 69"; empty if of all, or
	// of one.
	Share string
}

// Aside says what is to be known of a change besides; empty if nothing is.
func (c *Change) Aside() string {
	switch {
	case c.Note:
		return " (may be by chance)"
	case c.Share != "":
		return " (" + c.Share + ")"
	}
	return ""
}
