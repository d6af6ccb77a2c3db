package render

import (
	"testing"
	"time"
)

func TestCompactDuration(t *testing.T) {
	const us, ms, s = time.Microsecond, time.Millisecond, time.Second
	for d, want := range map[time.Duration]string{
		0: "0.00 ms", -420 * us: "-0.42 ms", 420 * us: "0.42 ms", 4 * us: "0.00 ms", 5 * us: "0.01 ms", 9994 * us: "9.99 ms", 9995 * us: "10.0 ms",
		27_849 * us: "27.8 ms", 27_850 * us: "27.9 ms", 99_949 * us: "99.9 ms", 99_950 * us: "100 ms", 963_499 * us: "963 ms", 963_500 * us: "964 ms", 999_499 * us: "999 ms", 999_500 * us: "1.00 s",
		1234 * ms: "1.23 s", 1235 * ms: "1.24 s", 2050 * ms: "2.05 s", 4994 * ms: "4.99 s", 4995 * ms: "5.0 s", 5049 * ms: "5.0 s", 5050 * ms: "5.1 s", 59_949 * ms: "59.9 s", 59_950 * ms: "1m00s",
		125 * s: "2m05s", -125 * s: "-2m05s", time.Hour - ms: "60m00s", time.Hour: "1h00m", 26*time.Hour + 3*time.Minute + 10*s: "26h03m", 999*time.Hour + 59*time.Minute: "999h59m",
	} {
		got := string(appendBrief(nil, d))
		if got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
		if d >= 0 && len(got) > briefColumns {
			t.Errorf("%v takes %d columns", d, len(got))
		}
	}
}
