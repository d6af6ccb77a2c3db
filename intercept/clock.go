package intercept

import "time"

// clock tells the times of one connection. It is the clock on the wall, as long as
// that runs: where it is set back, the connection's goes on from where it was, since
// what comes later was not earlier. Where it is set ahead, or the machine has slept,
// it follows.
type clock struct {
	last time.Time     // what at was called with last
	back time.Duration // by how much the clock on the wall was set back, all in all
}

// setBack is how far behind the last time another must be for the clock to have been
// set, and not only two directions to have been read at once.
const setBack = 10 * time.Millisecond

// at returns now, a time that time.Now has returned, as the connection tells it. It is
// without a reading of the monotonic clock, so that a duration is that between the
// times that are told.
func (c *clock) at(now time.Time) time.Time {
	wall, last := now.Round(0), c.last.Round(0)
	if !c.last.IsZero() && last.Sub(wall) > setBack {
		c.back += last.Add(max(now.Sub(c.last), 0)).Sub(wall)
	}
	c.last = now
	return wall.Add(c.back)
}
