// Package http2 decodes HTTP/2 as bytes come (RFC 9113), whatever is wrong with them:
// each stream is an exchange. It holds heads, and small frames, until they are whole;
// content goes through it as it comes.
//
// Each direction of a connection is a side, which is in one state (state.go): a function
// that takes what it can from the bytes seen so far, at most one frame or a piece of
// one. The sides need each other for very little: an answer waits for its request if a
// capture has them in that order.
//
// A connection whose beginning was not seen, or of which something is missing, is
// decoded as far as it goes: package hpack tells what is known of its heads.
package http2

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// steps are what sides do in their states: they return true if they took bytes or
// changed the state, and false if they need more bytes, or the other side to move first.
var steps = [states]func(*Decoder, *side) bool{
	preface:  (*Decoder).clientPreface,
	greeting: (*Decoder).greet,
	frames:   (*Decoder).nextFrame,
	payload:  (*Decoder).passPayload,
	resync:   (*Decoder).search,
}

// Step lets a side do one thing, and reports whether it did.
func (d *Decoder) Step(dir wire.Dir) bool {
	s := &d.sides[dir]
	return steps[s.state](d, s)
}

// clientPreface takes the preface (RFC 9113, section 3.4).
func (d *Decoder) clientPreface(s *side) bool {
	switch whole, may := IsPreface(s.w.Bytes()); {
	case whole:
		s.w.Take(len(wire.HTTP2Preface))
		s.state = greeting
	case s.w.Len() == 0, may && s.w.Ended():
		return s.w.Ended() && d.ends(s)
	case may:
		return false
	default:
		d.breakOff(s, header{typ: knownTypes}, noPreface)
	}
	return true
}

// greet looks at the first frame, which must be SETTINGS.
func (d *Decoder) greet(s *side) bool {
	if s.w.Len() < headerSize {
		return s.w.Ended() && d.ends(s)
	}
	h := parseHeader(s.w.Bytes())
	if h.typ != settings || h.fault() != sound || h.has(flagAck) {
		d.breakOff(s, h, noPreface)
		return true
	}
	s.state = frames
	return true
}

// nextFrame takes the next frame, or begins with its payload.
func (d *Decoder) nextFrame(s *side) bool {
	have := s.w.Len()
	if have < headerSize {
		return s.w.Ended() && d.ends(s)
	}
	h := parseHeader(s.w.Bytes())
	within := s.block.open && (h.typ != continuation || h.stream != s.block.stream)
	switch f := h.fault(); {
	case h.length > s.most:
		d.breakOff(s, h, tooLong)
	case within:
		d.breakOff(s, h, interrupted)
	case f != sound:
		d.fault(s, h, f)
		d.skip(s, h)
	case h.typ == continuation && !s.block.open:
		if !s.resumed {
			d.fault(s, h, unexpected)
		}
		d.skip(s, h)
	case h.typ == pushPromise && s.dir == wire.ToServer:
		d.fault(s, h, wrongSide)
		d.skip(s, h)
	default:
		s.resumed = false
		return d.sound(s, h)
	}
	return true
}

// sound takes a frame that is right by itself, as soon as enough of it has come.
func (d *Decoder) sound(s *side, h header) bool {
	switch {
	case (h.typ == data || h.typ == headers || h.typ == rstStream) && d.early(s, h):
		return false
	case h.typ == data:
		return d.dataFrame(s, h)
	case h.carriesHead() && h.length > d.limit.Head:
		return d.longHead(s, h)
	case h.length > maxControl && (h.typ == settings || h.typ == goAway):
		d.wrong(s, d.open.get(h.stream), s.w.Off(), anomaly.HeadTooLarge, h.String())
		d.skip(s, h)
	case !h.carriesHead() && h.typ != settings && h.typ != goAway && h.typ != rstStream:
		d.skip(s, h)
	case s.w.Len() < h.size():
		return s.w.Ended() && d.ends(s)
	case h.carriesHead():
		if x := d.joinBlock(s, h); x != nil {
			d.headEnds(s, h, x)
		}
	default:
		d.control(s, h)
	}
	return true
}
