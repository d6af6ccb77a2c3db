package replay

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// order is the order of a recording: all marks of all steps by their times. Whoever is at a
// position waits until all before it were reached. So no two wait for each other.
type order struct {
	mu      sync.Mutex
	reached []bool
	next    int             // the first that was not reached
	gates   []chan struct{} // by position: closed when all before it were reached
	times   []time.Time
}

// newOrder returns the order of the steps that are sent, and tells each its positions.
func newOrder(steps []*Step) *order {
	type mark struct {
		at   time.Time
		step *Step
		what int
	}
	var all []mark
	for _, s := range steps {
		x := s.Recorded
		begin, answer, end := x.Start, x.FirstByte, x.End
		if answer.IsZero() {
			answer = end
		}
		if answer.Before(begin) {
			answer = begin
		}
		if end.Before(answer) {
			end = answer
		}
		all = append(all, mark{begin, s, markSent}, mark{answer, s, markAnswered}, mark{end, s, markEnded})
	}
	slices.SortStableFunc(all, func(a, b mark) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.step.Recorded.Number, b.step.Recorded.Number), cmp.Compare(a.what, b.what))
	})
	o := &order{reached: make([]bool, len(all)), gates: make([]chan struct{}, len(all)+1)}
	for i := range o.gates {
		o.gates[i] = make(chan struct{})
	}
	for i, m := range all {
		m.step.position[m.what] = i
		o.times = append(o.times, m.at)
	}
	close(o.gates[0])
	return o
}

// reach says that a mark was reached. It may be said more than once.
func (o *order) reach(s *Step, what int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reached[s.position[what]] = true
	for o.next < len(o.reached) && o.reached[o.next] {
		o.next++
		close(o.gates[o.next])
	}
}

// wait waits until all was reached that came before a mark of a step. It returns false if ctx
// ends first.
func (o *order) wait(ctx context.Context, s *Step, what int) bool {
	return o.waitAt(ctx, s.position[what])
}

// pause is how long nothing had happened in the recording before a step began.
func (o *order) pause(s *Step) time.Duration {
	at := s.position[markSent]
	if at == 0 {
		return 0
	}
	return o.times[at].Sub(o.times[at-1])
}

// waitUntil waits until all was reached that came before a time within a step.
func (o *order) waitUntil(ctx context.Context, s *Step, t time.Time) bool {
	at, _ := slices.BinarySearchFunc(o.times, t, time.Time.Compare)
	return o.waitAt(ctx, min(max(at, s.position[markAnswered]+1), s.position[markEnded]))
}

// waitAt waits until all was reached that came before a position.
func (o *order) waitAt(ctx context.Context, position int) bool {
	select {
	case <-o.gates[position]:
		return true
	case <-ctx.Done():
		return false
	}
}
