package main

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/flow"
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
	parts = append(parts, plural(c.Bytes[wire.ToServer], "byte")+" sent", fmt.Sprintf("%d received", c.Bytes[wire.ToClient]))
	return strings.Join(parts, ", ")
}

// verb is what stands behind plural: one of two forms.
func verb(n int64, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// plural returns n and what is counted, as people say it.
func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
