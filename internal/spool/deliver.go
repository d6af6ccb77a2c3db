package spool

// deliver is the goroutine that writes the queue. It ends when a file has caught
// up, or when the output is closed.
func (s *Spool) deliver() {
	for {
		u, what := s.next()
		switch what {
		case nothing:
			return
		case toClose:
			s.closeErr = s.close()
			close(s.done)
			return
		}
		err := s.write(u)
		s.turn.Lock()
		s.delivered++
		err = s.check(err, &u)
		s.turn.Unlock()
		s.tell(err)
	}
}

// what next has found.
type found int

const (
	nothing found = iota // callers write for themselves again
	toWrite
	toClose
)

// next waits for something to do.
func (s *Spool) next() (Unit, found) {
	s.turn.Lock()
	defer s.turn.Unlock()
	for {
		if s.queue.len() == 0 && !s.dead {
			s.closeGap()
		}
		switch {
		case s.queue.len() > 0:
			return s.queue.pop(), toWrite
		case s.closed:
			return Unit{}, toClose
		case !s.o.Stalls:
			s.queueing = false
			return Unit{}, nothing
		}
		s.wake.Wait()
	}
}
