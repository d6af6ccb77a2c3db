package http2

import "github.com/socktrace/socktrace/wire"

// dataFrame begins a frame of DATA, whose header has come (RFC 9113, section 6.1).
func (d *Decoder) dataFrame(s *side, h header) bool {
	b := s.w.Bytes()
	pad, fixed := 0, 0
	if h.has(flagPadded) {
		if fixed = min(1, h.length); len(b) < headerSize+fixed {
			return s.w.Ended() && d.ends(s)
		}
		if fixed > 0 {
			pad = int(b[headerSize])
		}
		if fixed == 0 || fixed+pad > h.length {
			d.fault(s, h, wrongPadding)
			pad = 0
		}
	}
	x := d.open.get(h.stream)
	if x == nil {
		x = d.unopened(s, h)
	}
	if x != nil && !d.resumes(s, x, h) {
		x = nil
	}
	s.w.Take(headerSize + fixed)
	s.enter(h, x, h.length-fixed-pad, pad)
	if x != nil {
		d.beginBody(s, x)
	}
	for s.state == payload && s.w.Len() > 0 { // the other side waits for nothing of it
		d.passPayload(s)
	}
	return true
}

// enter goes on within the payload of h: left bytes, which belong to x, and pad bytes of
// padding. If x is nil, they belong to nothing.
func (s *side) enter(h header, x *exchange, left, pad int) {
	s.state = payload
	s.frame, s.x, s.left, s.pad = h, x, left, pad
}

// passPayload takes what has come of a payload.
func (d *Decoder) passPayload(s *side) bool {
	have := s.w.Len()
	switch {
	case s.left == 0 && s.pad == 0:
		s.state = frames
		d.frameEnds(s)
	case have == 0:
		return s.w.Ended() && d.ends(s)
	case s.left == 0:
		n := min(s.pad, have)
		s.pad -= n
		s.w.Take(n)
	default:
		n := min(s.left, have)
		s.left -= n
		if s.x == nil {
			s.w.Take(n)
			return true
		}
		s.x.size[s.dir] += int64(n)
		s.x.Sides[s.dir].Feed(n)
	}
	return true
}

// frameEnds goes on behind a frame that was not held whole.
func (d *Decoder) frameEnds(s *side) {
	h, x := s.frame, s.x
	s.x = nil
	switch {
	case h.carriesHead():
		if s.block.open && h.has(flagEndHeaders) {
			d.headEnds(s, h, d.decompress(s, nil, 0))
		}
	case h.typ == data && h.has(flagEndStream) && x != nil:
		d.messageEnds(s, x)
	}
}

// headEnds goes on with a head that has come.
func (d *Decoder) headEnds(s *side, f header, h *head) {
	f.stream = h.stream
	switch {
	case h.stream == 0, h.typ == pushPromise && (h.dropped || s.dir == wire.ToServer): // there is no telling whose it is
	case h.typ == pushPromise:
		d.promise(s, f, h)
	case s.dir == wire.ToServer:
		d.requested(s, f, h)
	default:
		d.responded(s, f, h)
	}
	clear(h.Fields) // the memory of idle connections holds no head
	h.Fields = nil
	d.head = head{}
}
