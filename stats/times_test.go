package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// nearestRank is the definition, written down plainly: the least of the durations
// that at least so many percent are not above.
func nearestRank(all []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	for i, d := range sorted {
		if 100*(i+1) >= percent*len(sorted) {
			return d
		}
	}
	return 0
}

// gather adds durations.
func gather(all []time.Duration) *times {
	var t times
	for _, d := range all {
		t.add(d)
	}
	return &t
}

func TestPercentiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := range 250 {
		var all []time.Duration
		for range n {
			all = append(all, time.Duration(rng.IntN(50)))
		}
		got := gather(all)
		for _, percent := range []int{1, 50, 95, 100} {
			if p := got.percentile(int64(percent)); p != nearestRank(all, percent) {
				t.Fatalf("%d of %v: got %d, want %d", percent, all, p, nearestRank(all, percent))
			}
		}
		if n > 0 && got.max != slices.Max(all) || got.n != int64(n) || got.estimated() {
			t.Fatalf("%v: %+v", all, got)
		}
	}
}

// TestManyDurations: beyond what is kept percentiles are estimated, with an error of
// at most a part in 32, and never above the longest.
func TestManyDurations(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 20 {
		var all []time.Duration
		got := new(times)
		for i := range maxExact + 200 {
			d := time.Duration(math.Exp(rng.Float64() * 43)) // up to 150 years
			all = append(all, d)
			got.add(d)
			if got.estimated() != (i >= maxExact) || (got.exact == nil) != got.estimated() {
				t.Fatalf("with %d: estimated %t, %d kept", i+1, got.estimated(), len(got.exact))
			}
		}
		total := time.Duration(0)
		for _, d := range all {
			total += d
		}
		if got.total != total || got.max != slices.Max(all) || got.n != int64(len(all)) {
			t.Fatalf("%d, %d, %d", got.n, got.total, got.max)
		}
		for _, percent := range []int{1, 10, 50, 95, 99} {
			want, p := nearestRank(all, percent), got.percentile(int64(percent))
			if diff := (p - want).Abs(); diff > want/32 {
				t.Errorf("%d %%: got %d, want about %d", percent, p, want)
			}
		}
		if p := got.percentile(100); p > got.max {
			t.Errorf("%d is more than the longest, %d", p, got.max)
		}
	}
}

// TestBuckets: each duration is in a bucket near it, and buckets are in order.
func TestBuckets(t *testing.T) {
	last := -1
	for i := range buckets {
		m := middle(i)
		if bucket(m) != i || i > 0 && middle(i-1) >= m {
			t.Fatalf("the middle of %d is %d, in %d", i, m, bucket(m))
		}
	}
	for power := 1; power < 63; power++ {
		for _, d := range []time.Duration{1 << power, 1<<power + 1, 1<<power + 1<<power/2, 1<<power + (1<<power - 1)} {
			b := bucket(d)
			if b < last || b >= buckets || (middle(b)-d).Abs() > d/32 {
				t.Errorf("%d is in %d behind %d, whose middle is %d", d, b, last, middle(b))
			}
			last = b
		}
	}
	if bucket(0) != 0 || bucket(math.MaxInt64) != buckets-1 {
		t.Error("the shortest and the longest are not at the ends")
	}
}

// TestNoTime: a clock that was set back makes no time negative.
func TestNoTime(t *testing.T) {
	got := gather([]time.Duration{-5, -3})
	if got.total != 0 || got.max != 0 || got.n != 2 || got.percentile(50) != 0 {
		t.Errorf("%+v", got)
	}
	if none := new(times); none.percentile(50) != 0 {
		t.Error("nothing has a percentile")
	}
}
