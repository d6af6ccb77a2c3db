package flow

import (
	"fmt"
	"iter"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// Unshown is the code of the anomaly of an exchange that stands where events of it
// were left out, since too much came before Options.Filter was decided.
const Unshown = "filter-waited"

// maxWaiting bounds the memory of events of one exchange that wait for the filter,
// in bytes. What an exchange consists of waits beyond it: heads, the ends of bodies.
const maxWaiting = 1 << 20

// sieve is what the filter has of one exchange. Until it is decided, the exchange's
// events wait here.
type sieve struct {
	judge   wire.Judge
	verdict wire.Verdict
	queue   queue
	charged int                  // of the account, for those that wait
	gap     *wire.Anomaly        // stands where events were left out; nil: none were
	events  int64                // how many were
	bytes   int64                // and the traffic in them
	spent   bool                 // it was since there was no memory
	before  iter.Seq[wire.Event] // the events that wait
}

func newSieve(j wire.Judge) *sieve {
	s := &sieve{judge: j}
	s.before = s.waiting
	return s
}

// waiting yields the events that wait.
func (s *sieve) waiting(yield func(wire.Event) bool) {
	for _, i := range s.queue.items[s.queue.head:] {
		if !yield(i.ev) {
			return
		}
	}
}

// ask has the judge look at ev. A panic hides the exchange.
func (s *sieve) ask(ev wire.Event, x *wire.Exchange) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.verdict, err = wire.Hidden, fmt.Errorf("panic: %v", r)
		}
	}()
	s.verdict, err = s.judge.Judge(ev, x, s.before)
	return err
}

// passed reports whether sinks are told of the exchange by now.
func (s *sieve) passed() bool { return s != nil && s.verdict == wire.Shown }

// wait has ev, or a copy of it if it is only borrowed, wait with a snapshot of its
// exchange. What does not fit is left out and counted, and so is what follows: the
// gap is one.
func (s *sieve) wait(ev wire.Event, x *wire.Exchange, a *memory.Account) {
	room := itemRoom + wire.DataBytes(ev)
	switch {
	case essential(ev):
		a.Force(room)
	case s.gap != nil || s.charged+room > maxWaiting:
		s.leaveOut(ev, x, a)
		return
	case !a.Take(room):
		s.spent = true
		s.leaveOut(ev, x, a)
		return
	}
	s.charged += room
	s.queue.push(owned(ev), x, 0, room)
}

// essential says whether ev is held with its exchange in any case, once.
func essential(ev wire.Event) bool {
	switch ev := ev.(type) {
	case *wire.Request, *wire.Body, *wire.Upgrade:
		return true
	case *wire.Response:
		return !ev.Interim
	}
	return false
}

// owned returns ev, or a copy if its memory may be used again before the exchange
// ends.
func owned(ev wire.Event) wire.Event {
	if eof, ok := ev.(*wire.EOF); ok {
		c := *eof
		return &c
	}
	return wire.Clone(ev)
}

// leaveOut counts an event that does not wait. The first leaves a mark.
func (s *sieve) leaveOut(ev wire.Event, x *wire.Exchange, a *memory.Account) {
	if s.gap == nil {
		m := *ev.EventMeta()
		s.gap = &wire.Anomaly{Meta: m, Code: Unshown}
		x.Anomalies = append(x.Anomalies, s.gap)
		a.Force(itemRoom)
		s.charged += itemRoom
		s.queue.push(s.gap, x, 0, itemRoom)
	}
	n := wire.DataBytes(ev)
	s.events++
	s.bytes += int64(n)
	if s.spent {
		a.Missed(n)
	}
}

// closeGap says in its mark how much was left out, and reports whether anything was.
func (s *sieve) closeGap() bool {
	if s.gap == nil {
		return false
	}
	s.gap.Detail = fmt.Sprintf("%s with %d bytes came before the filter was decided", plural.Of(s.events, "event"), s.bytes)
	return true
}

// next removes the oldest event that waits, nil if there is none.
func (s *sieve) next() *item {
	if s.queue.len() == 0 {
		return nil
	}
	return s.queue.pop()
}

// clear forgets what waits, and gives the memory back.
func (s *sieve) clear(a *memory.Account) {
	for i := s.next(); i != nil; i = s.next() {
		s.reuse(i)
	}
	a.Give(s.charged)
	s.charged, s.gap, s.events, s.bytes, s.spent = 0, nil, 0, 0, false
}

// maxSpare bounds how many empty items are kept to be used again.
const maxSpare = 16

// reuse takes back an item that next has returned.
func (s *sieve) reuse(i *item) {
	if len(s.queue.free) < maxSpare {
		*i = item{}
		s.queue.reuse(i)
	}
}

// reset makes s ready for another exchange. Nothing waits.
func (s *sieve) reset() {
	s.verdict = wire.Undecided
	s.judge.Reset()
}

// numbers are those of the exchanges of a connection that were shown, as far back
// as events may come behind the end of an exchange: of the last 64.
type numbers struct {
	last int
	bits uint64 // of last, and those before it
}

// add adds n.
func (t *numbers) add(n int) {
	if n > t.last {
		t.bits, t.last = t.bits<<uint(min(n-t.last, 64)), n
	}
	if back := t.last - n; back < 64 {
		t.bits |= 1 << uint(back)
	}
}

// has reports whether n was added.
func (t *numbers) has(n int) bool {
	back := t.last - n
	return back >= 0 && back < 64 && t.bits>>uint(back)&1 == 1
}
