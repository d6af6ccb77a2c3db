package stats

import (
	"slices"
	"time"
)

// maxExact is of how many durations a row keeps each. Beyond it, percentiles are
// estimated from a histogram, which needs less memory than these.
const maxExact = 1024

// times are durations. The zero value has none.
type times struct {
	n          int64
	total, max time.Duration
	exact      []time.Duration // until there are more than maxExact
	about      *histogram      // from then on
}

// add adds a duration. One that is negative, since a clock was set, counts as none.
func (t *times) add(d time.Duration) {
	d = max(d, 0)
	t.n++
	t.total += d
	t.max = max(t.max, d)
	switch {
	case t.about != nil:
		t.about.add(d)
	case len(t.exact) < maxExact:
		t.exact = append(t.exact, d)
	default:
		t.about = new(histogram)
		for _, e := range t.exact {
			t.about.add(e)
		}
		t.about.add(d)
		t.exact = nil
	}
}

// estimated reports whether percentiles are.
func (t *times) estimated() bool { return t.about != nil }

// percentile returns the duration that so many percent of all are not above: by
// nearest rank, so that it is one of them. It is 0 if there are none.
func (t *times) percentile(percent int64) time.Duration {
	rank := (t.n*percent + 99) / 100
	switch {
	case t.n == 0:
		return 0
	case t.about != nil:
		return min(t.about.rank(rank), t.max)
	}
	slices.Sort(t.exact)
	return t.exact[rank-1]
}
