package strace

import (
	"bytes"
	"time"
)

// clock makes times of what lines say. Lines may say the seconds since 1970 (-ttt), the
// time of day (-t, -tt), the time since the line before (-r), or nothing.
type clock struct {
	now  func() time.Time // the time of what says nothing
	last time.Time        // of the line before
	day  time.Time        // that times of day are of

	dayless, timeless bool // such lines were there
}

// at returns when a line was.
func (c *clock) at(stamp, since []byte) time.Time {
	t, ok := c.stamp(stamp)
	if !ok {
		if d, relative := seconds(since); relative && !c.last.IsZero() {
			t = c.last.Add(d)
		} else {
			c.timeless = true
			t = c.now()
		}
	}
	c.last = t
	return t
}

func (c *clock) stamp(b []byte) (time.Time, bool) {
	switch d, ok := seconds(b); {
	case ok && d >= 1e8*time.Second:
		return time.Unix(0, int64(d)), true
	case ok: // -r alone
		c.dayless = true
		if c.last.IsZero() {
			return c.now(), true
		}
		return c.last.Add(d), true
	}
	h, b, ok := clockPart(b)
	if !ok {
		return time.Time{}, false
	}
	m, b, ok := clockPart(b)
	d, secondsOK := seconds(b)
	if !ok || !secondsOK || h > 23 || m > 59 || d > 61*time.Second {
		return time.Time{}, false
	}
	d += time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	c.dayless = true
	if c.day.IsZero() {
		y, month, day := c.now().Date()
		c.day = time.Date(y, month, day, 0, 0, 0, 0, c.now().Location())
	}
	t := c.day.Add(d)
	if t.Add(12 * time.Hour).Before(c.last) { // midnight is over
		c.day = c.day.AddDate(0, 0, 1)
		t = c.day.Add(d)
	}
	return t, true
}

// clockPart reads a number with a colon behind it.
func clockPart(b []byte) (v int64, rest []byte, ok bool) {
	v, n := number(b)
	if n == 0 || n > 2 || v < 0 {
		return 0, b, false
	}
	rest, ok = bytes.CutPrefix(b[n:], []byte(":"))
	return v, rest, ok
}
