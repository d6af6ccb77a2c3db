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
}
