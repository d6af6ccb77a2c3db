package diff

import (
	"testing"
	"time"
)

// TestSlow: an answer that took much longer is told, and makes no difference.
func TestSlow(t *testing.T) {
	build := func(took time.Duration) *Session {
		s := madeUp("s", "GET /info")
		x := s.Exchanges[0]
		x.Request.End = x.Start
		x.FirstByte = x.Start.Add(took)
		return s
	}
	for _, c := range []struct {
		a, b time.Duration
		want string
	}{
		{20 * time.Millisecond, 3100 * time.Millisecond, "changed SystemInfo #1 ↔ #1\n  time to answer: 20.0 ms → 3.100 s\n"},
		{time.Second, 5 * time.Second, ""}, // not ten times
		{time.Millisecond, 900 * time.Millisecond, ""},
	} {
		r := Compare(build(c.a), build(c.b), Options{})
		if got := listing(r); got != c.want || r.Differs() {
			t.Errorf("%v, %v: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}
