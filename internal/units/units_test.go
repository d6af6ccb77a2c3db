package units

import (
	"testing"
	"time"
)

func TestText(t *testing.T) {
	for want, got := range map[string]string{
		"0.42 ms": Duration(420 * time.Microsecond), "-0.42 ms": Duration(-420 * time.Microsecond), "1.000 s": Duration(999_960 * time.Microsecond),
		"2m05s": Duration(125 * time.Second), "26h03m": Duration(26*time.Hour + 3*time.Minute + 1e10),
		"99999 B": Size(99_999), "100.0 kB": Size(100_000), "1.0 MB": Size(999_950),
	} {
		if got != want {
			t.Errorf("got %s; want %s", got, want)
		}
	}
}
