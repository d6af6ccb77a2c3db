package flow

import (
	"iter"
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

// without returns s without an exchange. The others may change places.
func (s snapshot) without(m wire.Meta) snapshot {
	for i := range s {
		if s[i].Conn == m.Conn && s[i].Exchange == m.Exchange {
			end := len(s) - 1
			s[i], s[end] = s[end], wire.Exchange{}
			return s[:end]
		}
	}
	return s
}

// pendingTick is a tick on its way to another goroutine. There is one at a time.
type pendingTick struct {
	stage tickStage
	now   time.Time
	open  snapshot
	over  []wire.Meta // of exchanges that have ended since it is made
}

// tickStage is how far a tick is.
type tickStage uint8

const (
	noTick tickStage = iota
	tickMade
	tickDue // it waits for its turn
	tickTold
)

// ended notes that an exchange has ended: it must not be told as open behind its
// end.
func (t *pendingTick) ended(x *wire.Exchange) {
	switch t.stage {
	case tickMade:
		t.over = append(t.over, x.Meta)
	case tickDue:
		t.open = t.open.without(x.Meta)
	}
}

// make begins to make a tick, and returns memory for it; false if there is one.
func (t *pendingTick) make() (snapshot, bool) {
	if t.stage != noTick {
		return nil, false
	}
	t.stage = tickMade
	return t.open, true
}

// wait has the tick wait for its turn.
func (t *pendingTick) wait(now time.Time, open snapshot) {
	for _, m := range t.over {
		open = open.without(m)
	}
	clear(t.over)
	t.stage, t.now, t.open, t.over = tickDue, now, open, t.over[:0]
}

// take returns the tick if it is its turn; done must follow.
func (t *pendingTick) take() (now time.Time, open snapshot, ok bool) {
	if t.stage != tickDue {
		return now, nil, false
	}
	t.stage = tickTold
	return t.now, t.open, true
}

// done says that the tick was told.
func (t *pendingTick) done() { t.stage = noTick }
