package content

import (
	"math"
	"testing"
)

// TestPaxNumber reads numbers of every size, and what is none.
func TestPaxNumber(t *testing.T) {
	for s, want := range map[string]int64{"0": 0, "12": 12, "-5": -5, "9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64} {
		if n, ok := paxNumber([]byte(s)); !ok || n == nil || *n != want {
			t.Errorf("%s: %v, %t", s, n, ok)
		}
	}
	for _, s := range []string{"9223372036854775808", "x", "1.5", " 1", "0x1"} {
		if n, ok := paxNumber([]byte(s)); ok || n != nil {
			t.Errorf("%s: %v, %t", s, n, ok)
		}
	}
	if n, ok := paxNumber(nil); n != nil || !ok {
		t.Errorf("nothing: %v, %t", n, ok)
	}
}
