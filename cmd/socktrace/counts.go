package main

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// countsLine says what was seen, whatever was shown of it; if not all exchanges are,
// how many were.
func countsLine(c flow.Counts, filtered bool) string {
	parts := []string{plural.Of(c.Connections, "connection"), plural.Of(c.Exchanges, "exchange")}
	if filtered {
		parts = []string{fmt.Sprintf("%d of %s shown", c.Shown, parts[1])} // in one line of a terminal
	}
	if c.Unfinished > 0 {
		parts[len(parts)-1] += fmt.Sprintf(" (%d unfinished)", c.Unfinished)
	}
	if c.Anomalies > 0 {
		parts = append(parts, plural.Of(c.Anomalies, "anomaly"))
	}
	sent, received := plural.Of(c.Bytes[wire.ToServer], "byte"), fmt.Sprint(c.Bytes[wire.ToClient])
	if c.Bytes[wire.ToServer] >= largeCount {
		sent = render.Size(c.Bytes[wire.ToServer])
	}
	if c.Bytes[wire.ToClient] >= largeCount {
		received = render.Size(c.Bytes[wire.ToClient])
	}
	return strings.Join(append(parts, sent+" sent", received+" received"), ", ")
}

// largeCount is the number of bytes from which on it is told as tables tell it.
const largeCount = 100_000
