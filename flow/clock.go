package flow

import "time"

// clock tells the time of the traffic: that of its latest event, and from there
// on as time goes by. It is what the clock on the wall says for live traffic, and
// what that said once for captures.
type clock struct {
	latest time.Time // of the traffic
	seen   time.Time // when that was seen
}

// set makes t the time of the traffic now. A connection that opens begins a
// capture, maybe an older one, or is the latest there is.
func (c *clock) set(t, now time.Time) {
	if !t.IsZero() {
		c.latest, c.seen = t, now
	}
}

// see notes that something of time t was seen by now. Events of a connection may
// be older than those of another.
func (c *clock) see(t, now time.Time) {
	if !t.IsZero() && (c.latest.IsZero() || t.After(c.at(now))) {
		c.set(t, now)
	}
}

// at returns the time of the traffic when the clock on the wall says now.
func (c *clock) at(now time.Time) time.Time {
	if c.latest.IsZero() {
		return now
	}
	return c.latest.Add(now.Sub(c.seen))
}
