package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/plural"
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
		for _, name := range wire.MaskedIn(ev) {
			if len(m) < maxMaskedBefore {
				m[name] = true
			}
		}
		next(ev)
	}
}

// maskedShown counts what was masked in the exchanges that a filter shows, as the
// redactor does in all. It is a sink.
type maskedShown map[string]int64

// Needs implements wire.Sink.
func (maskedShown) Needs() wire.Needs { return wire.Needs{} }

// Close implements wire.Sink.
func (maskedShown) Close() error { return nil }

// Event implements wire.Sink.
func (m maskedShown) Event(ev wire.Event, _ *wire.Exchange) error {
	x, last := ev.(*wire.Exchange)
	if !last {
		return nil
	}
	for _, name := range x.Masked {
		if _, there := m[name]; there || len(m) < maxMaskedBefore {
			m[name]++
		}
	}
	return nil
}

// counts returns the counts, by name.
func (m maskedShown) counts() (all []redact.Count) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, redact.Count{Name: name, Exchanges: m[name]})
	}
	return all
}

// masked returns what was masked in what somebody was shown, or is recorded.
func (t *trace) masked() []redact.Count {
	switch {
	case (t.live == nil || t.unread()) && !t.recorders.mask():
		return nil
	case t.filtered:
		return t.shown.counts()
	}
	return t.redact.Summary()
}

// maxMaskedNames is how many of the things that were masked the summary names.
const maxMaskedNames = 8

// line says what was masked, the most frequent first, and how to see it, if it is
// anywhere to be seen: there says that it is in a capture.
func (m maskedBefore) line(masked []redact.Count, there bool) string {
	masked = slices.Clone(masked)
	slices.SortStableFunc(masked, func(a, b redact.Count) int { return cmp.Compare(b.Exchanges, a.Exchanges) })
	var places []string
	all := int64(0)
	for i, c := range masked {
		there = there || !m[c.Name]
		all += c.Exchanges
		place := wire.MaskedPlace(c.Name)
		if c.Exchanges > 1 {
			place += fmt.Sprintf(" (%d)", c.Exchanges)
		}
		if i < maxMaskedNames {
			places = append(places, place)
		}
	}
	if more := len(masked) - maxMaskedNames; more > 0 {
		places = append(places, fmt.Sprintf("and %d more", more))
	}
	list := strings.Join(places, ", ")
	if !there {
		return plural.Of(all, "secret") + " masked already when it was recorded: " + list
	}
	return plural.Of(all, "secret") + " masked: " + list + "; --show-secrets shows " + plural.Verb(all, "it", "them")
}
