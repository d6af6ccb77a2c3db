package intercept

import (
	"testing"
	"time"
)

// TestClockSet: times of a connection do not go back, whatever the clock on the wall
// does; they go ahead with it.
func TestClockSet(t *testing.T) {
	var c clock
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	wall := begin
	for i, step := range []struct {
		wall, told time.Duration // since begin
	}{
		{0, 0},
		{time.Second, time.Second},
		{time.Second - time.Millisecond, time.Second - time.Millisecond}, // two that were read at once
		{-time.Hour, time.Second - time.Millisecond},                     // set back: no time is known to have passed
		{-time.Hour + time.Second, 2*time.Second - time.Millisecond},
		{-2 * time.Hour, 2*time.Second - time.Millisecond}, // and once more
		{-2*time.Hour + time.Minute, time.Minute + 2*time.Second - time.Millisecond},
		{22 * time.Hour, 24*time.Hour + 2*time.Second - time.Millisecond}, // the machine has slept
	} {
		wall = begin.Add(step.wall)
		if got := c.at(wall).Sub(begin); got != step.told {
			t.Errorf("%d: %v, want %v", i, got, step.told)
		}
	}
}

// TestClockRuns: what has passed by the monotonic clock is told where the other was set
// back.
func TestClockRuns(t *testing.T) {
	var c clock
	first := time.Now()
	c.at(first)
	c.last = first.Add(time.Hour) // as if it had been set back by an hour since
	if got := c.at(first.Add(2 * time.Hour)); !got.Equal(first.Add(2 * time.Hour)) {
		t.Errorf("ahead: %v of %v", got, first)
	}
	if told := c.at(time.Now()); told != told.Round(0) {
		t.Errorf("%v has a monotonic reading", told)
	}
}
