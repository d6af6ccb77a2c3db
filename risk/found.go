package risk

import (
	"slices"
	"strings"
)

const (
	// maxRisks bounds the risks of a request.
	maxRisks = 32
	// maxWhy is how long a reason may be, in bytes.
	maxWhy = 200
)

// found are the risks of a request, so far.
type found struct {
	risks  []Risk
	socket string // the path of the daemon's own socket; empty if it has none
}

// add notes a risk, once. Of more than there is room for the last says so.
func (f *found) add(mark, why string) {
	r := Risk{mark, clip(why)}
	switch {
	case slices.Contains(f.risks, r) || len(f.risks) == maxRisks:
	case len(f.risks) == maxRisks-1 && mark != Unjudged:
		f.risks = append(f.risks, Risk{Unjudged, "there are more risks than are told"})
	default:
		f.risks = append(f.risks, r)
	}
}

// clip returns s, or its beginning if it is too long to be told.
func clip(s string) string {
	if len(s) > maxWhy {
		s = strings.ToValidUTF8(s[:maxWhy], "") + "…"
	}
	return s
}

// masked is how a value begins that is not what was sent.
const masked = "[masked "

// hidden notes that a value which decides something is masked, and reports whether
// that is so.
func (f *found) hidden(at, value string) bool {
	is := strings.Contains(value, masked)
	if is {
		f.add(Unjudged, at+" is masked")
	}
	return is
}
