package testpeer

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// judged counts what a test is told of.
type judged struct {
	testing.TB
	errors atomic.Int64
}

func (j *judged) Errorf(string, ...any) { j.errors.Add(1) }

// TestCrowd fails the test for what fails, but in a gap.
func TestCrowd(t *testing.T) {
	j := &judged{TB: t}
	var broken, tried atomic.Int64
	c := NewCrowd(j, 3, time.Microsecond, func(int) func() error {
		return func() error {
			tried.Add(1)
			if broken.Load() > 0 {
				return errors.New("broken")
			}
			return nil
		}
	})
	some := func() {
		for want := tried.Load() + 100; tried.Load() < want; time.Sleep(time.Millisecond) {
		}
	}
	c.More()
	c.Gap()
	broken.Store(1)
	some()
	broken.Store(0)
	c.Gap()
	c.More()
	if n := j.errors.Load(); n != 0 || c.Count() != 1 {
		t.Errorf("%d errors, %d gaps", n, c.Count())
	}
	broken.Store(1)
	some()
	c.End()
	if j.errors.Load() == 0 {
		t.Error("what failed is not told")
	}
}
