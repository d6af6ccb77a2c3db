package lanes

import "github.com/socktrace/socktrace/wire"

// tell goes through the operations of all rounds in order, and tells what they have come
// to.
func (l *Lanes) tell() {
	defer l.ended.Done()
	have := make([]has, len(l.lanes))
	for r := range l.full {
		for i := range r.operations {
			op, n := &r.operations[i], r.first+int64(i)
			h := &have[op.lane]
			if h.upTo <= n {
				l.look(r, op.lane, n, h)
			}
			for last := h.ends[h.nth]; h.told < last; h.told++ {
				l.tellItem(op.tap, &h.items[h.told])
			}
			h.nth++
			l.move(n + 1)
		}
		for i := range have {
			have[i] = has{}
		}
		r.reset()
		l.free <- r
	}
}

// has is what the teller has of the work of a lane in a round.
type has struct {
	results
	upTo int64 // of its operations below this
	nth  int   // of them that is told next
	told int   // how many items were told
}

// look waits until a lane has done operation n of a round, and takes what it has
// published.
func (l *Lanes) look(r *round, lane int, n int64, h *has) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.lanes[lane].done <= n {
		l.moved.Wait()
	}
	h.results, h.upTo = r.work[lane].published, l.lanes[lane].done
}

// move says that all operations before n have been told.
func (l *Lanes) move(n int64) {
	l.told.Store(n)
	if l.waiting.Load() > 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.moved.Broadcast()
	}
}

// tellItem tells one thing.
func (l *Lanes) tellItem(t *tap, i *item) {
	if i.event != nil {
		l.pass(t, i.event)
	} else {
		i.told.Told()
	}
}

// pass tells an event.
func (l *Lanes) pass(t *tap, ev wire.Event) {
	if open, ok := ev.(*wire.Open); ok {
		l.number(open.Conn)
	}
	if t.tell == nil {
		t.tell = l.o.Tell(t.conn)
	}
	t.tell(ev)
}
