package http2

import (
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// opener returns the side that opens a stream: clients open those with odd numbers
// (RFC 9113, section 5.1.1).
func (d *Decoder) opener(stream uint32) *side {
	if stream&1 == 1 {
		return &d.sides[wire.ToServer]
	}
	return &d.sides[wire.ToClient]
}

// early reports whether h, which a server has sent, belongs to a request that has not
// come yet: a capture may have them in this order. It waits then, but not for long.
func (d *Decoder) early(s *side, h header) bool {
	client := &d.sides[wire.ToServer]
	unseen := h.stream > client.last && d.open.get(h.stream) == nil && client.mayOpen(s.late)
	return s.dir == wire.ToClient && h.stream&1 == 1 && (unseen || client.catchesUp()) && !s.hurried && s.w.Len() <= d.limit.Held
}

// mayOpen reports whether the client s may still say that it has opened a stream earlier:
// all that both sides have sent came, or what it has sent may be frames.
func (s *side) mayOpen(otherLate bool) bool {
	switch {
	case s.w.Ended() && s.w.Len() == 0:
		return false
	case s.state == resync:
		return s.fresh && s.w.Len() > 0
	}
	return !s.late && !otherLate
}

// catchesUp reports whether not all frames of the client s were taken that have shown
// that it sends frames: until then whatever answers waits, wherever they are cut.
func (s *side) catchesUp() bool { return s.w.Off() < s.until && !(s.w.Ended() && s.w.Len() == 0) }

// unopened returns the exchange of a stream that is not open, where s is. It is nil, and
// a fault, unless its beginning may not have been seen.
func (d *Decoder) unopened(s *side, h header) *exchange {
	o := d.opener(h.stream)
	known := h.stream <= o.last && h.stream >= o.first
	switch {
	case d.recent.has(h.stream), known && d.missed:
		return nil
	case known, h.stream <= o.last && !o.late:
		d.fault(s, h, notOpen)
		return nil
	case o.late || s.late, o.dir != s.dir && o.dir == wire.ToServer:
		return d.orphan(s, h.stream, s.begunAt())
	}
	d.fault(s, h, notOpened)
	return nil
}

// orphan begins an exchange whose request was not seen, if there is room for one.
func (d *Decoder) orphan(s *side, stream uint32, at window.Place) *exchange {
	if d.open.n >= maxOpen || !d.env.Account.Charge(body.ExchangeRoom) {
		d.missed = true
		return nil
	}
	x := d.begin(stream, at, body.ExchangeRoom)
	x.state = wire.StatePartial
	if s.dir == wire.ToClient {
		x.off = 0
		x.Sides[wire.ToServer].Done = true // unless more of it comes
		d.wrong(s, x, at.Off, anomaly.NoRequest, "stream "+strconv.FormatUint(uint64(stream), 10))
	}
	return x
}

// resumes notes that s sends something of x. It reports whether it may.
func (d *Decoder) resumes(s *side, x *exchange, h header) bool {
	m := &x.Sides[s.dir]
	if m.Done && !x.asked && !x.begun[s.dir] && s.dir == wire.ToServer {
		m.Done = false
	}
	if m.Done {
		d.fault(s, h, halfClosed)
		return false
	}
	d.look(s, x)
	return true
}
