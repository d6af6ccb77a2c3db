package http1

import "github.com/socktrace/socktrace/wire"

// End ends the exchanges that are left, when both windows have ended and no step
// is possible any more.
func (d *Decoder) End() {
	for len(d.open) > 0 {
		x := d.open[0]
		if x.waits() && x.before != d.pairs.unread && !d.env.Stopped {
			if d.answerNotFound(x) {
				continue
			}
		}
		switch {
		case d.env.Stopped:
			x.state = wire.StateOpen
		case x.state == wire.StateDone:
			x.state = wire.StateAborted
		}
		d.finish(x)
	}
}

// Silence says that a direction did not end in order: that it has ended is not
// told.
func (d *Decoder) Silence(dir wire.Dir) { d.sides[dir].told = true }
