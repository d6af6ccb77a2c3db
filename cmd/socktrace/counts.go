package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// countsLine says what was seen, whatever was shown of it; if not all exchanges are,
// how many were.
func countsLine(c flow.Counts, filtered bool) string {
	parts := []string{plural(c.Connections, "connection"), plural(c.Exchanges, "exchange")}
	if filtered {
		parts[1] = fmt.Sprintf("%d of %s shown", c.Shown, parts[1])
	}
	if c.Unfinished > 0 {
		parts[1] += fmt.Sprintf(" (%d unfinished)", c.Unfinished)
	}
	if c.Anomalies > 0 {
		parts = append(parts, plural(c.Anomalies, "anomaly"))
	}
	parts = append(parts, fmt.Sprintf("%d bytes sent", c.Bytes[wire.ToServer]), fmt.Sprintf("%d received", c.Bytes[wire.ToClient]))
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
