package serve

import (
	"context"
	"sync"
	"time"
)

// overdue is how long is waited for what the client has to say in a session: one that says
// something else than the recorded one gets its answer all the same.
const overdue = 5 * time.Second

// returns are the calls of the daemon, of all sessions, and which of them are over.
type returns struct {
	all  []*exchange // in the order of the script
	free []*exchange // those of sessions that no build names
	mu   sync.Mutex  // of what is closed
	over map[*exchange]chan struct{}
	late map[*exchange]func() // ends a call that is being made
}

func newReturns(s *Script) *returns {
	r := &returns{over: make(map[*exchange]chan struct{}), late: make(map[*exchange]func())}
	for _, e := range s.exchanges {
		r.all = append(r.all, e.calls...)
		if !e.named {
			r.free = append(r.free, e.calls...)
		}
		for _, c := range e.calls {
			r.over[c] = make(chan struct{})
		}
	}
	return r
}

// done says that c is over.
func (r *returns) done(c *exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.isDone(c) {
		close(r.over[c])
	}
}

// whenLate has end called, which must not wait, if c is given up before forget is.
func (r *returns) whenLate(c *exchange, end func()) (forget func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.late[c] = end
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.late, c)
	}
}

// giveUp ends c, if it is being made: nobody waits for it again, and clients that wait for its end
// before they leave can do so.
func (r *returns) giveUp(c *exchange) {
	r.mu.Lock()
	end := r.late[c]
	r.mu.Unlock()
	if end != nil {
		end()
	}
	r.done(c)
}

// giveUpFree gives up the calls that may be part of any build: they are not waited for where one is
// refused. Those of a session that a build names go on, or end with that session.
func (r *returns) giveUpFree() {
	for _, c := range r.free {
		r.giveUp(c)
	}
}

// isDone reports whether c is over.
func (r *returns) isDone(c *exchange) bool {
	select {
	case <-r.over[c]:
		return true
	default:
		return false
	}
}

// between returns the calls of a session, of all if it is nil, that were over between two times of the
// script, and are not.
func (r *returns) between(of *exchange, from, to time.Duration) (open []*exchange) {
	calls := r.all
	if of != nil {
		calls = of.calls
	}
	for _, c := range calls {
		if c.answer.over >= from && c.answer.over <= to && c.answer.ends != stays && !r.isDone(c) {
			open = append(open, c)
		}
	}
	return open
}

// await waits for the calls of a session, of all if it is nil, that were over between two times of the
// script, as long as that can be expected to help: an error if ctx ends.
func (r *returns) await(ctx context.Context, of *exchange, from, to time.Duration) error {
	open := r.between(of, from, to)
	if len(open) == 0 {
		return ctx.Err()
	}
	late := time.NewTimer(overdue)
	defer late.Stop()
	for _, c := range open {
		select {
		case <-r.over[c]:
		case <-late.C:
			for _, c := range open {
				r.giveUp(c)
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
