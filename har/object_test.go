package har

import (
	"testing"
	"time"
)

// TestClock compares with package time, whichever second came before.
func TestClock(t *testing.T) {
	var c clock
	zone := time.FixedZone("", 3600)
	for _, at := range []time.Time{
		time.Unix(0, 0), time.Unix(0, 1), time.Unix(0, 999_999_999), time.Unix(-1, 999_999_999), {}, time.Unix(1767323045, 678_901_234).In(zone),
		time.Unix(1767323045, 600), time.Unix(1767323046, 5), time.Date(9999, 12, 31, 23, 59, 59, 1, time.UTC), time.Date(12345, 1, 1, 0, 0, 0, 0, zone),
	} {
		for decimals, layout := range map[int]string{micros: "2006-01-02T15:04:05.000000Z", nanos: "2006-01-02T15:04:05.000000000Z"} {
			if got, want := string(c.append(nil, at, decimals)), at.UTC().Format(layout); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

// TestHostMemory: the last host is not taken for another, nor for none.
func TestHostMemory(t *testing.T) {
	var m hostMemory
	for _, host := range []string{"", "docker", "docker", "", "a b", "docker:80", "docker:80", "[::1]", ""} {
		if got, want := m.or(host), hostOr(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}
