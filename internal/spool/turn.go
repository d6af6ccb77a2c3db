package spool

import (
	"sync"
	"sync/atomic"
	"time"
)

// turn is a mutex that can be taken from whoever holds it in a call that hangs.
//
// The holder says when such a call begins and ends. That is a change of a
// counter: a timer looks at it, and releases the mutex in the holder's name if
// one call was under way for as long as patience. It does not run while there
// are no calls.
type turn struct {
	sync.Mutex
	patience time.Duration // 0: it is never taken
	taken    func()        // called with the mutex held, before it is released

	calls atomic.Uint64 // that have begun and that have ended: odd within one
	seen  uint64        // calls, when the timer fired last
	timer *time.Timer
	armed bool // the timer runs; guarded by the mutex
}

// begin begins a call. The mutex is held.
func (t *turn) begin() (call uint64) {
	if t.patience > 0 && !t.armed {
		t.armed = true
		if t.timer == nil {
			t.timer = time.AfterFunc(t.patience, t.look)
		} else {
			t.timer.Reset(t.patience)
		}
	}
	return t.calls.Add(1)
}

// end ends a call. The mutex is held behind it; kept says that it was all the
// time.
func (t *turn) end(call uint64) (kept bool) {
	if t.calls.CompareAndSwap(call, call+1) {
		return true
	}
	t.Lock()
	return false
}

// look takes the mutex from a call that hangs. A call is found out between one
// and two times patience after it began.
func (t *turn) look() {
	n := t.calls.Load()
	switch hangs := n == t.seen && n%2 == 1; {
	case hangs && t.calls.CompareAndSwap(n, n+1): // the mutex is ours from here
		t.armed = false
		t.taken()
		t.Unlock()
		return
	case n == t.seen && n%2 == 0 && t.TryLock():
		t.armed = false // there are no calls to look at
		t.Unlock()
		return
	}
	t.seen = n
	t.timer.Reset(t.patience)
}
