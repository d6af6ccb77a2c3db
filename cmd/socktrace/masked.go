package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// maskedBefore are the names of what recordings had masked already when they were
// read: its secrets are in no file. It is for one goroutine.
type maskedBefore map[string]bool

// maxMaskedBefore is how many names there can be: the summary has no more.
const maxMaskedBefore = 1000

// watch returns what notes the names in events before they go to next.
func (m maskedBefore) watch(next func(wire.Event)) func(wire.Event) {
	return func(ev wire.Event) {
		for _, name := range maskedIn(ev) {
			if len(m) < maxMaskedBefore {
				m[name] = true
			}
		}
		next(ev)
	}
}

// maskedIn returns the names of what is masked in an event.
func maskedIn(ev wire.Event) []string {
	switch ev := ev.(type) {
	case *wire.Request:
		return ev.Masked
	case *wire.Response:
		return ev.Masked
	case *wire.Body:
		return ev.Masked
	case *wire.Message:
		return ev.Masked
	case *wire.End:
		return ev.Masked
	}
	return nil
}

// maxMaskedNames is how many of the things that were masked the summary names.
const maxMaskedNames = 8

// line says what was masked, the most frequent first, and how to see it, if it is
// anywhere to be seen: there says that it is in a capture.
func (m maskedBefore) line(masked []redact.Count, there bool) string {
	masked = slices.Clone(masked)
	slices.SortStableFunc(masked, func(a, b redact.Count) int { return cmp.Compare(b.Exchanges, a.Exchanges) })
	var parts []string
	for i, c := range masked {
		there = there || !m[c.Name]
		if i < maxMaskedNames {
			parts = append(parts, fmt.Sprintf("%s (%d)", c.Name, c.Exchanges))
		}
	}
	if more := len(masked) - maxMaskedNames; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	list := "masked, in so many exchanges: " + strings.Join(parts, ", ")
	if there {
		return list + " (--show-secrets shows them)"
	}
	return list + " (already when it was recorded)"
}
