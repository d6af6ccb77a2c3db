package spool

import "time"

// New returns a Spool before out, which it closes.
func New(out Output, o Options) *Spool {
	s := &Spool{out: out, o: o.withDefaults(), done: make(chan struct{})}
	s.wake.L = &s.turn
	s.turn.taken = func() { s.queueing, s.hangs = true, true }
	switch {
	case s.o.Stalls:
		s.queueing = true
		go s.deliver()
	case s.o.Size > 0:
		s.turn.patience = s.o.Patience
	}
	return s
}

// Put writes u, or queues a copy of it if the output stalls. It reports false if
// there was no room for it.
func (s *Spool) Put(u Unit) (taken bool) {
	taken, err := s.put(u)
	s.tell(err)
	return taken
}

// put is Put without telling of an error, which it returns if it is the first.
func (s *Spool) put(u Unit) (taken bool, err error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	switch {
	case s.dead:
		s.leftOut.add(&u)
		return true, nil
	case s.closed:
		return true, nil
	case s.queueing:
		return s.enqueue(u), nil
	}
	call := s.turn.begin()
	err = s.write(u)
	if !s.turn.end(call) {
		s.hangs = false
		go s.deliver() // what others have queued meanwhile
	}
	return true, s.check(err, &u)
}

// Queue has what is put from here on wait for the goroutine, so that no caller is
// held any more; if anything may wait.
func (s *Spool) Queue() {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.o.Size <= 0 {
		return
	}
	s.o.Stalls = true
	s.startQueue()
}

// startQueue has units be queued. s.turn is held: so nobody writes who has not
// been left behind.
func (s *Spool) startQueue() {
	if !s.queueing {
		s.queueing = true
		go s.deliver()
	}
}

// Close writes what is queued and closes the output. It gives up, and returns an
// error that is ErrStalled, when the output takes nothing for Options.Grace: what
// was queued counts as left out then, and the output is closed when it returns
// from its call, if ever. Otherwise it returns the first error of the output.
// Only one call is allowed.
func (s *Spool) Close() error {
	s.turn.Lock()
	s.closed = true
	s.startQueue()
	s.wake.Signal()
	s.turn.Unlock()
	if s.o.Size <= 0 {
		<-s.done
		return s.firstError()
	}
	tick := time.NewTicker(s.o.Grace)
	defer tick.Stop()
	for last := s.progress(); ; {
		select {
		case <-s.done:
			return s.firstError()
		case <-tick.C:
		}
		now := s.progress()
		if now == last {
			return s.giveUp()
		}
		last = now
	}
}

// firstError returns the first error of the output, which is closed.
func (s *Spool) firstError() error {
	if err := s.Err(); err != nil {
		return err
	}
	return s.closeErr
}

// progress changes when something was written from the queue.
func (s *Spool) progress() int64 {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.delivered + s.o.Moved()
}

// giveUp leaves out what is queued.
func (s *Spool) giveUp() error {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.leaveQueue()
	s.dead = true
	if s.err != nil {
		return s.err
	}
	return ErrStalled
}

// Behind reports whether the output does not keep up: units wait for it, or one
// that is being written does not come to its end.
func (s *Spool) Behind() bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.queueing
}

// Hangs reports whether a caller of Put is held, since its write does not return.
func (s *Spool) Hangs() bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.hangs
}

// LeftOut returns how many things were left out so far, and the bytes of their
// units: since there was no room for them, or since the output has failed.
func (s *Spool) LeftOut() (n, bytes int64) {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.leftOut.n, s.leftOut.bytes
}

// Err returns the first error of Output.Write.
func (s *Spool) Err() error {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.err
}
