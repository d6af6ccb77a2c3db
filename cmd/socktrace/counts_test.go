package main

import (
	"testing"

	"github.com/socktrace/socktrace/flow"
)

// TestCountsLine: one is not many.
func TestCountsLine(t *testing.T) {
	for _, c := range []struct {
		counts flow.Counts
		want   string
	}{
		{flow.Counts{}, "0 connections, 0 exchanges, 0 bytes sent, 0 received"},
		{flow.Counts{Connections: 1, Exchanges: 1, Anomalies: 1, Bytes: [2]int64{1, 1}}, "1 connection, 1 exchange, 1 anomaly, 1 byte sent, 1 received"},
		{flow.Counts{Connections: 2, Exchanges: 3, Unfinished: 1, Anomalies: 2, Bytes: [2]int64{4, 5}},
			"2 connections, 3 exchanges (1 unfinished), 2 anomalies, 4 bytes sent, 5 received"},
	} {
		if got := countsLine(c.counts); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if verb(1, "was", "were") != "was" || verb(0, "was", "were") != "were" || plural(1, "entry") != "1 entry" || plural(2, "entry") != "2 entries" {
		t.Error("verb or plural")
	}
}
