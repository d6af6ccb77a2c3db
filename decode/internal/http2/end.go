package http2

import (
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// ends goes on where a direction has ended, one thing at a time: what is not whole, the
// messages that will never be, the end itself. It reports whether there was one.
func (d *Decoder) ends(s *side) bool {
	switch {
	case s.w.Len() > 0:
		if !d.env.Stopped {
			d.wrong(s, nil, s.w.Off(), anomaly.Incomplete, "the connection ended within a frame")
		}
		d.passRaw(s, s.w.Len())
	case !s.over:
		s.over = true
		if !d.env.Stopped {
			d.cutShort(s)
		}
	case !s.told:
		s.told = true
		d.env.EOF(s.w, s.dir, 0)
	default:
		return false
	}
	return true
}

// cutShort ends the messages that s has begun and not ended. What waits for an answer
// goes on: the end of all tells what became of that.
func (d *Decoder) cutShort(s *side) {
	for _, x := range d.open.inOrder() {
		begun := s.dir == wire.ToServer || x.answered || x.begun[s.dir]
		if x.Sides[s.dir].Done || !begun {
			continue
		}
		// A client that has seen enough of an endless body hangs up: that is no fault
		// of the daemon's. Neither is it one of its own that a call of gRPC has no end: the
		// messages are whole, or that is told. Nor is it anybody's where an end may be among
		// what was lost.
		switch {
		case x.gaps != [2]int{d.sides[0].gaps, d.sides[1].gaps}:
			x.state = wire.StatePartial
		case s.dir == wire.ToClient && d.env.Left:
			x.left = true
		case s.dir == wire.ToServer && d.env.Left && x.Call.IsGRPC():
		default:
			d.wrong(s, x, s.w.Off(), anomaly.Incomplete, "stream "+strconv.FormatUint(uint64(x.stream), 10)+" has no end")
		}
		d.done(s, x, false)
	}
}

// End ends the exchanges that are left, when both windows have ended and no step is
// possible any more.
func (d *Decoder) End() {
	for _, x := range d.open.inOrder() {
		switch {
		case d.env.Stopped:
			x.state = wire.StateOpen
		case x.state == wire.StateDone:
			x.state = wire.StateAborted
		}
		d.finish(x)
	}
	d.tellLeftOut()
}

// Silence says that a direction did not end in order: that it has ended is not told.
func (d *Decoder) Silence(dir wire.Dir) { d.sides[dir].told = true }
