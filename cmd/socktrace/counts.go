package main

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// countsLine says what was seen, whatever was shown of it; if not all exchanges are,
// how many were.
func countsLine(c flow.Counts, filtered bool) string {
	parts := []string{plural.Of(c.Connections, "connection"), plural.Of(c.Exchanges, "exchange")}
	if filtered {
		parts[1] = fmt.Sprintf("%d of %s shown", c.Shown, parts[1])
	}
	if c.Unfinished > 0 {
		parts[1] += fmt.Sprintf(" (%d unfinished)", c.Unfinished)
	}
	if c.Anomalies > 0 {
		parts = append(parts, plural.Of(c.Anomalies, "anomaly"))
	}
	parts = append(parts, plural.Of(c.Bytes[wire.ToServer], "byte")+" sent", fmt.Sprintf("%d received", c.Bytes[wire.ToClient]))
	return strings.Join(parts, ", ")
}
