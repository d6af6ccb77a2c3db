package flow

import (
	"iter"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// snapshot is what was open at a moment.
type snapshot []wire.Exchange

// snap makes a snapshot, in the memory of an older one.
func snap(old snapshot, open iter.Seq[*wire.Exchange]) snapshot {
	clear(old)
	s := old[:0]
	for x := range open {
		s = append(s, *x)
	}
	return s
}

// all yields the exchanges.
func (s snapshot) all(yield func(*wire.Exchange) bool) {
	for i := range s {
		if !yield(&s[i]) {
			return
		}
	}
}

// without returns s without an exchange.
func (s snapshot) without(last *wire.Exchange) snapshot {
	return slices.DeleteFunc(s, func(x wire.Exchange) bool { return x.Conn == last.Conn && x.Exchange == last.Exchange })
}

// pendingTick is a tick on its way to another goroutine. There is one at a time.
type pendingTick struct {
	busy bool // it is made, waits, or is told
	due  bool // it waits
	now  time.Time
	open snapshot
	over []*wire.Exchange // ended since it is made
}

// ended notes that an exchange has ended: it is open no longer when the tick is
// told.
func (t *pendingTick) ended(last *wire.Exchange) {
	if t.busy {
		t.over = append(t.over, last)
	}
}

// waits makes the tick wait.
func (t *pendingTick) waits(now time.Time, open snapshot) {
	t.due, t.now, t.open = true, now, open
}

// take returns what is open still, for the one who tells the tick.
func (t *pendingTick) take() snapshot {
	t.due = false
	open := t.open
	for _, last := range t.over {
		open = open.without(last)
	}
	clear(t.over)
	t.over = t.over[:0]
	return open
}
