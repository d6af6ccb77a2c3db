package stats

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets that get wider as durations get longer:
// sixteen from one power of two to the next. The middle of a bucket is at most one
// part in 32 away from all that is in it.
type histogram [buckets]int64

// buckets is how many there are up to the longest duration.
const buckets = (63-steps)*perPower + perPower

// perPower is how many buckets there are between powers of two, and steps its
// logarithm.
const (
	perPower = 1 << steps
	steps    = 4
)

// bucket returns the bucket of a duration, which is not negative.
func bucket(d time.Duration) int {
	n := uint64(d)
	if n < perPower {
		return int(n)
	}
	power := bits.Len64(n) - 1
	return (power-steps)*perPower + int(n>>(power-steps))
}

// middle returns the middle of a bucket.
func middle(bucket int) time.Duration {
	if bucket < 2*perPower {
		return time.Duration(bucket) // it has one value
	}
	power := bucket/perPower + steps - 1
	width := int64(1) << (power - steps)
	return time.Duration(int64(perPower+bucket%perPower)*width + width/2)
}

// add counts a duration.
func (h *histogram) add(d time.Duration) { h[bucket(d)]++ }

// rank returns about the nth shortest of the durations, from 1.
func (h *histogram) rank(n int64) time.Duration {
	i := 0
	for ; i < buckets-1 && n > h[i]; i++ {
		n -= h[i]
	}
	return middle(i)
}
