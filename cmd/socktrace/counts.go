package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// counts is the summary: what was seen, whatever was shown of it. Its methods
// may be called concurrently.
type counts struct {
	connections atomic.Int64
	exchanges   atomic.Int64
	unfinished  atomic.Int64 // of the exchanges: aborted, open or partial
	anomalies   atomic.Int64
	bytes       [2]atomic.Int64
}

// see counts an event.
func (c *counts) see(ev wire.Event) {
	switch ev := ev.(type) {
	case *wire.Open:
		c.connections.Add(1)
	case *wire.Exchange:
		c.exchanges.Add(1)
		if ev.State != wire.StateDone {
			c.unfinished.Add(1)
		}
	case *wire.Anomaly:
		c.anomalies.Add(1)
	case *wire.Close:
		c.bytes[wire.ToServer].Add(ev.Bytes[wire.ToServer])
		c.bytes[wire.ToClient].Add(ev.Bytes[wire.ToClient])
	}
}

// String returns the summary in a line.
func (c *counts) String() string {
	parts := []string{
		plural(c.connections.Load(), "connection"),
		plural(c.exchanges.Load(), "exchange"),
	}
	if n := c.unfinished.Load(); n > 0 {
		parts[1] += fmt.Sprintf(" (%d unfinished)", n)
	}
	if n := c.anomalies.Load(); n > 0 {
		parts = append(parts, plural(n, "anomaly"))
	}
	parts = append(parts, fmt.Sprintf("%d bytes sent", c.bytes[wire.ToServer].Load()),
		fmt.Sprintf("%d received", c.bytes[wire.ToClient].Load()))
	return strings.Join(parts, ", ")
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// maxMaskedNames is how many of the things that were masked the summary names.
const maxMaskedNames = 8

// maskedLine says what was masked, the most frequent first.
func maskedLine(masked []redact.Count) string {
	masked = slices.Clone(masked)
	slices.SortStableFunc(masked, func(a, b redact.Count) int { return cmp.Compare(b.Exchanges, a.Exchanges) })
	var parts []string
	for i, m := range masked {
		if i == maxMaskedNames {
			parts = append(parts, fmt.Sprintf("and %d more", len(masked)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", m.Name, m.Exchanges))
	}
	return "masked, in so many exchanges: " + strings.Join(parts, ", ") + " (--show-secrets shows them)"
}
