package http1

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// beginBody begins the body of the message of s, whose head is taken.
func (d *Decoder) beginBody(s *side, e event, f framed) {
	x := s.exchange
	x.Sides[s.dir].Begin(s.w, body.Head{Fields: x.fields[s.dir], Transfer: f.codings, Status: x.response.Status})
	s.left, s.begun, s.inside = f.length, s.w.Off(), inside{}
	s.on(e)
	if waiting, _ := d.waiting(); e == bodyClose && waiting != nil {
		s.mayEndHere()
	}
}

// messageDone ends the message of s, all of which has come, and makes s ready
// for the next.
func (d *Decoder) messageDone(s *side) {
	x := s.exchange
	switch {
	case s.dir == wire.ToServer && x.Upgrade != nil: // the answer came before the end of the request
		s.body().End(true)
		d.streamFrom(s, x)
		return
	case s.dir == wire.ToServer && x.maySwitch && x.waits():
		s.on(proposed)
		s.waits = x
	default:
		s.on(messageEnds)
	}
	d.done(s, true)
}

// sizedBody takes a body whose length is known (RFC 9112, section 6.2).
func (d *Decoder) sizedBody(s *side) bool {
	if s.left == 0 {
		s.inside.ends = s.w.Off()
		d.messageDone(s)
		return true
	}
	n := int(min(s.left, int64(s.w.Len())))
	if n == 0 {
		return s.w.Ended() && d.cutShort(s, anomaly.Missing(s.left, "the body")) // the text costs
	}
	s.left -= int64(n)
	if d.mayHold(s) {
		s.inside.look(s.w.Bytes()[:n])
	}
	s.body().Feed(n)
	return true
}

// bodyUntilClose takes a body that ends with the connection (RFC 9112, section
// 6.3, case 8).
func (d *Decoder) bodyUntilClose(s *side) bool {
	if s.w.Len() > 0 {
		s.body().Feed(s.w.Len())
		return true
	}
	switch {
	case !s.w.Ended():
		return false
	case d.env.Err != nil, d.env.Abandoned(): // a reset, or the end of the trace, is not the end of the body
		return d.cutShort(s, "the connection did not end in order")
	}
	d.messageDone(s)
	return true
}

// cutShort ends a message whose direction ended before it did. It returns
// false if the direction goes on.
func (d *Decoder) cutShort(s *side, detail string) bool {
	if !s.w.Ended() {
		return false
	}
	switch {
	case d.env.Stopped:
		s.on(silenced) // the exchange stays open: End ends it
		return true
	case s.unsent():
		d.leaveOut(s)
		return true
	}
	// A client that has seen enough of an endless body hangs up: that is no fault
	// of the daemon's.
	if s.dir == wire.ToClient && d.env.Left {
		s.exchange.left = true
	} else {
		d.incomplete(s, s.exchange, detail)
	}
	d.breakOff(s)
	return true
}
