package replay

import (
	"testing"
	"time"
)

// TestMoments: what was asked for since and until a time of the session is asked for at that time of
// the new one; what was before it, and what is no time, stays.
func TestMoments(t *testing.T) {
	start, now := time.Unix(1000, 5e8), time.Unix(5000, 75e7)
	for _, c := range []struct {
		late        time.Duration // how much later than the first step the other was sent, more than then
		name, value string
		want        string
	}{
		{0, "since", "1000", "5000.250000000"},
		{0, "until", "1003.5", "5003.750000000"},
		{0, "since", "996", "4996.250000000"},
		{0, "since", "995", "995"},
		{time.Second, "since", "1000", "5000.250000000"},
		{time.Second, "until", "1003", "5004.250000000"},
		{-time.Second, "since", "1002", "5001.250000000"},
		{-time.Second, "until", "1003", "5002.250000000"},
		{0, "since", "0", "0"},
		{0, "until", "", ""},
		{0, "since", "10m", "10m"},
		{0, "since", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"},
		{0, "since", "2000.-1", "2000.-1"},
		{0, "since", "2000.1234567891", "2000.1234567891"},
		{0, "since", "-5", "-5"},
	} {
		var k clock
		k.tick(start, now)
		k.tick(start.Add(2*time.Second), now.Add(2*time.Second+c.late))
		check(t, c.name+"="+c.value, k.moment(c.name, c.value), c.want)
	}
}
