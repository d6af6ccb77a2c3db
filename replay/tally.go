package replay

import (
	"context"
	"sync"
	"time"
)

// tally counts bytes that have come, for those who wait until there are so many.
type tally struct {
	mu   sync.Mutex
	n    int64
	more chan struct{} // closed when more come; nil if nobody waits
}

// add counts n more.
func (t *tally) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n += int64(n)
	if t.more != nil {
		close(t.more)
		t.more = nil
	}
}

// wait waits until there are n, for some time at most, or until ctx ends.
func (t *tally) wait(ctx context.Context, n int64, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		t.mu.Lock()
		if t.n >= n {
			t.mu.Unlock()
			return
		}
		if t.more == nil {
			t.more = make(chan struct{})
		}
		more := t.more
		t.mu.Unlock()
		select {
		case <-more:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// within waits for some time, or until done is closed. It returns false if ctx ends first.
func within(ctx context.Context, most time.Duration, done <-chan struct{}) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-done:
	case <-ctx.Done():
		return false
	}
	return true
}
