package http1

import "github.com/socktrace/socktrace/wire"

// streamFrom makes s a direction of what follows the upgrade of x.
func (d *Decoder) streamFrom(s *side, x *exchange) {
	s.on(upgraded)
	s.exchange, s.waits = x, nil
	s.w.Rewind()
	x.Sides[s.dir].Stream(s.w, x.fields[wire.ToClient])
}

// streamed takes a direction of an upgraded connection.
func (d *Decoder) streamed(s *side) bool {
	if s.w.Len() > 0 {
		s.body().Feed(s.w.Len())
		return true
	}
	if !s.w.Ended() {
		return false
	}
	s.body().EndStream()
	d.ended(s)
	s.on(streamEnds)
	if d.env.Stopped {
		return false
	}
	d.done(s, d.env.Err == nil)
	return true
}
