package http1

import "github.com/socktrace/socktrace/decode/internal/anomaly"

// breakOff ends the message of s, if it is in one, and searches for the next;
// what has left HTTP goes on as it is.
func (d *Decoder) breakOff(s *side) {
	s.on(framingLost)
	s.w.Rewind()
	s.left = 0
	s.midLine = false
	if s.exchange != nil && s.state == resync {
		d.done(s, false)
	}
}

// giveUp makes the next n bytes raw, and searches for a message behind them.
func (d *Decoder) giveUp(s *side, n int) {
	d.breakOff(s)
	s.gaveUp = true
	d.raw(s, n)
}

// raw takes the next n bytes, which belong to no message, and tells them.
func (d *Decoder) raw(s *side, n int) {
	b := s.w.Bytes()[:n]
	s.midLine = b[n-1] != '\n'
	d.notRead(s, b)
	d.env.Raw(s.w, s.dir, n)
	s.lineSeen, s.simple = false, false
}

// incomplete reports that a direction ended too early, unless the trace did.
func (d *Decoder) incomplete(s *side, x *exchange, detail string) {
	if !d.env.Stopped {
		d.wrong(s, x, anomaly.Incomplete, detail)
	}
}
