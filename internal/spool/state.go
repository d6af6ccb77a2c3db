package spool

import (
	"fmt"
	"sync"
)

// Spool writes units to an Output in the order of the calls of Put. Its methods
// may be called concurrently.
type Spool struct {
	out  Output
	o    Options
	done chan struct{} // closed when the output is

	turn      turn      // guards what follows, and is held by callers who write
	wake      sync.Cond // of turn: there is something to do
	queueing  bool      // units go to the queue: callers do not write
	hangs     bool      // since the write of a caller does not return
	queue     queue
	gap       count // left out since the last unit in the queue
	leftOut   count // in all
	delivered int64 // units written by the goroutine
	dead      bool  // the output failed or was given up: nothing is written any more
	closed    bool  // Close was called
	err       error // the first of Output.Write
	closeErr  error // of Output.Close
}

// count is how much was left out.
type count struct{ n, bytes int64 }

// add counts a unit, unless it is the mark of a gap, which was counted.
func (c *count) add(u *Unit) {
	if u.N > 0 {
		c.n += int64(u.N)
		c.bytes += int64(len(u.Data))
	}
}

// write gives u to the output. What panics there has failed.
func (s *Spool) write(u Unit) (err error) {
	defer rescue(&err)
	return s.out.Write(u)
}

// close closes the output.
func (s *Spool) close() (err error) {
	defer rescue(&err)
	return s.out.Close()
}

// rescue makes an error of a panic.
func rescue(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v", r)
	}
}

// enqueue puts u in the queue, behind a mark if others were left out before it.
// s.turn is held.
func (s *Spool) enqueue(u Unit) bool {
	if !s.fits(&u) {
		s.gap.add(&u)
		s.leftOut.add(&u)
		return false
	}
	s.closeGap()
	s.queue.push(u)
	s.wake.Signal()
	return true
}

// fits says whether the queue takes u. After units were left out it has to be
// half empty first, so that what is left out is one long gap and not every other
// unit.
func (s *Spool) fits(u *Unit) bool {
	room := s.o.Size
	if s.gap != (count{}) {
		room /= 2
	}
	return s.queue.len() == 0 && s.gap == (count{}) || s.queue.size+u.size() <= room
}

// closeGap queues what stands for the units that were left out.
func (s *Spool) closeGap() {
	if s.gap != (count{}) {
		mark := s.out.Gap(s.gap.n, s.gap.bytes)
		mark.N = 0
		s.queue.push(mark)
		s.gap = count{}
	}
}

// check ends writing if err, of the write of u, is not nil: u and all others are
// left out. It returns err if it is the first. s.turn is held.
func (s *Spool) check(err error, u *Unit) error {
	if err == nil || s.dead {
		return nil
	}
	s.err, s.dead = err, true
	s.leftOut.add(u)
	s.leaveQueue()
	return err
}

// leaveQueue leaves out what is queued. s.turn is held.
func (s *Spool) leaveQueue() {
	for s.queue.len() > 0 {
		u := s.queue.pop()
		s.leftOut.add(&u)
	}
}

// tell tells of an error.
func (s *Spool) tell(err error) {
	if err != nil && s.o.Failed != nil {
		s.o.Failed(err)
	}
}
