package memory

import (
	"sync"
	"testing"
)

func (b *Budget) check(t *testing.T, what string, want int64) {
	t.Helper()
	if got := b.Left(); got != want {
		t.Errorf("%s: %d bytes are left, want %d", what, got, want)
	}
}

// TestShares gives owners as much as is left when they have it, and no byte more.
func TestShares(t *testing.T) {
	b := New(100 << 10)
	first, second := Of(b), Of(b)
	if first.Take(50<<10 + 1) {
		t.Error("one has more than half")
	}
	b.check(t, "after what did not fit", 100<<10)
	if !first.Take(50 << 10) {
		t.Error("one has not half")
	}
	if first.Take(1) {
		t.Error("one has more than half, in two pieces")
	}
	if second.Take(25<<10 + 1) {
		t.Error("another has more than half of the rest")
	}
	if !second.Take(25 << 10) {
		t.Error("another has not half of the rest")
	}
	b.check(t, "after both", 25<<10)
	first.Close()
	second.Close()
	b.check(t, "at the end", 100<<10)
	first.Close()
	b.check(t, "at the end, twice", 100<<10)
	if first.Used() != 0 {
		t.Errorf("%d bytes are used at the end", first.Used())
	}
}

// TestSteps sees that the budget changes seldom, and by how much.
func TestSteps(t *testing.T) {
	b := New(1 << 20)
	a := Of(b)
	for _, s := range []struct {
		n    int // negative: it is given
		left int64
	}{
		{1, 1<<20 - step}, {step - 1, 1<<20 - step}, {1, 1<<20 - 2*step}, {-1, 1<<20 - 2*step},
		{-step, 1<<20 - step}, {2 * step, 1<<20 - 2*step}, {-1, 1<<20 - 2*step}, {1 - 2*step, 1<<20 - step}, {-0, 1<<20 - step},
		{10 * step, 1<<20 - 10*step}, {-9 * step, 1<<20 - 2*step}, {-step, 1<<20 - step},
	} {
		if s.n < 0 {
			a.Give(-s.n)
		} else if !a.Take(s.n) {
			t.Fatalf("no %d bytes", s.n)
		}
		b.check(t, "after a step", s.left)
	}
	if a.Used() != 0 {
		t.Errorf("%d bytes are used", a.Used())
	}
	a.Close()
	a.Close()
	b.check(t, "at the end", 1<<20)
}

// TestExact takes what is left where there is less than a step.
func TestExact(t *testing.T) {
	b := New(100)
	a := Of(b)
	if !a.Take(40) || !a.Take(10) || a.Take(1) {
		t.Error("not exactly half fits")
	}
	b.check(t, "after half", 50)
	other := Of(b)
	other.Force(50)
	a.Give(10)
	if !a.Take(10) {
		t.Error("what is there already does not fit")
	}
	b.check(t, "after all", 0)
}

// TestNeed takes three quarters for what is needed, and all of it from the first
// byte on.
func TestNeed(t *testing.T) {
	b := New(4000)
	a := Of(b)
	if !a.Take(2000) || a.Take(1) || !a.Need(1000) || a.Need(1) {
		t.Error("not exactly three quarters are for what is needed")
	}
	b.check(t, "after three quarters", 1000)
}

// TestForce has more than there is. Nobody else gets anything until that is given
// back.
func TestForce(t *testing.T) {
	b := New(1000)
	a, other := Of(b), Of(b)
	a.Force(300)
	b.check(t, "within the budget", 700)
	a.Force(1200)
	b.check(t, "beyond the budget", -500)
	large := New(1 << 20)
	some := Of(large)
	some.Force(1)
	large.check(t, "of what there is enough of", 1<<20-step)
	if a.Used() != 1500 {
		t.Errorf("%d bytes are used", a.Used())
	}
	if other.Take(1) {
		t.Error("there is something left of nothing")
	}
	other.Force(1)
	b.check(t, "of two", -501)
	other.Close()
	a.Give(1500)
	a.Close()
	b.check(t, "at the end", 1000)
}

// TestMissed counts what was left out.
func TestMissed(t *testing.T) {
	b := New(1)
	a, other := Of(b), Of(b)
	a.Missed(3)
	other.Missed(4)
	a.Missed(0)
	if times, bytes := b.Missed(); times != 3 || bytes != 7 {
		t.Errorf("%d times, %d bytes", times, bytes)
	}
	b.check(t, "what was left out needs nothing", 1)
}

// TestUnbounded takes what it wants of no budget.
func TestUnbounded(t *testing.T) {
	a := Of(nil)
	if !a.Take(1 << 40) {
		t.Error("there is a bound")
	}
	a.Force(1)
	a.Give(1 << 40)
	a.Missed(1)
	a.Close()
	var none *Budget
	if times, bytes := none.Missed(); times != 0 || bytes != 0 {
		t.Errorf("%d times, %d bytes", times, bytes)
	}
}

// TestConcurrently takes and gives in many goroutines: nothing is lost.
func TestConcurrently(t *testing.T) {
	b := New(64 << 10)
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			a := Of(b)
			defer a.Close()
			for i := range 5000 {
				if size := (i*n)%9000 + 1; a.Take(size) {
					a.Give(size)
				}
			}
		})
	}
	all.Wait()
	b.check(t, "at the end", 64<<10)
}
