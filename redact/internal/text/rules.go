// Package text finds secrets by the names before them: assignments and options
// in texts that quote command lines, and lines that look like header fields in
// raw streams.
package text

import (
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// Rules are what secrets are found and masked by.
type Rules struct {
	Given name.Given  // names of secrets
	Marks *mask.Marks // of placeholders
}
