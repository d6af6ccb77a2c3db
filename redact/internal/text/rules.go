// Package text finds secrets by the names before them: assignments and options
// in texts that quote command lines, and lines that look like header fields in
// raw streams.
package text

import (
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/memo"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// Rules are what secrets are found and masked by.
type Rules struct {
	Given  name.Given   // names of secrets
	Keys   *key.Known   // what JSON keys say
	Fields *field.Known // what the names of fields say
	Marks  *mask.Marks  // of placeholders
	// Dull are strings in which nothing was found, as whoever looked at them looked. They
	// are known by all their bytes.
	Dull *memo.Memo
}

// NewRules returns rules with further names of secrets.
func NewRules(given name.Given, marks *mask.Marks) Rules {
	return Rules{given, key.New(given), field.New(given), marks, new(memo.Memo)}
}
