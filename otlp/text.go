package otlp

import (
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/protowire"
)

// protoNumber is the number of a field.
type protoNumber = protowire.Number

// maxKept is how much of a text is remembered, in bytes.
const maxKept = 200

// clone returns a copy of a text that may be part of a larger one, or its beginning.
func clone(s string) string { return strings.Clone(s[:min(len(s), maxKept)]) }

// nanos returns the nanoseconds since 1970; 0 for a time that is not known.
func nanos(t time.Time) uint64 {
	if t.IsZero() || t.Unix() < 0 {
		return 0
	}
	return uint64(t.UnixNano())
}
