package replay

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moments are the parameters that are points in time.
var moments = map[string]bool{"since": true, "until": true}

// startUp is how long before its first request a client may have looked at the clock.
const startUp = 5 * time.Second

// clock knows how much later than in the recording it is. Clients ask for what has happened since they
// began, and until now: that is since they began now. What was before the recording stays, for the
// daemon may have it yet. The zero value is ready for the first step.
type clock struct {
	start time.Time     // when the first step was sent in the recording
	begun time.Duration // how much later it was at that step
	now   time.Duration // and at the one that is sent
}

// tick says that what was sent at one time in the recording is sent at another now.
func (c *clock) tick(then, now time.Time) {
	c.now = now.Sub(then)
	if c.start.IsZero() {
		c.start, c.begun = then, c.now
	}
}

// moment returns the value of a parameter that is a point in time, in seconds since 1970 with or
// without a fraction, as it is now; the value itself if it is none. Nothing is to be missed at the
// beginning: that is as long after the first step as it was, or as long before the request, if that
// is earlier.
func (c *clock) moment(name, value string) string {
	t, ok := unixTime(value)
	if !ok || t.Before(c.start.Add(-startUp)) {
		return value
	}
	later := c.now
	if name == "since" {
		later = min(c.begun, c.now)
	}
	t = t.Add(later)
	return fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond())
}

// unixTime reads a time as Docker takes it in parameters: "1767323046" or "1767323046.500000000".
func unixTime(s string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds <= 0 || len(fraction) > 9 {
		return time.Time{}, false
	}
	nanos, err := strconv.Atoi((fraction + "000000000")[:9])
	if err != nil || nanos < 0 {
		return time.Time{}, false
	}
	return time.Unix(seconds, int64(nanos)), true
}
