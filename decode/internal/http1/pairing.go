package http1

import (
	"bytes"
	"slices"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Responses come in the order of their requests (RFC 9112, section 9.3.2). So
// pairing is counting, as long as every message is understood. Behind bytes that
// are not, or were not captured, nobody knows how many messages were among them:
//
//   - A client that waits for each answer has had the last one when it asks again.
//   - If one response is found and one request waits, they belong together, unless
//     another request may have come before it.
//   - A request that is missing between others was sent: the next answer may be to it.
//   - If a client does not wait, and several requests do, nobody can tell whose
//     answer the next response is. Then no response has a request any more, until
//     as many have come as there were requests.
//
// A request that has no answer then is told so: a wrong one would be worse.

// notRead notes that b, which s has sent, belongs to no message.
func (d *Decoder) notRead(s *side, b []byte) {
	p := &d.pairs
	if s.inside.ends == s.w.Off() {
		d.swallowed(s)
	}
	if s.dir == wire.ToServer {
		for _, c := range b {
			if c == '\n' && p.blank {
				p.hidden++ // an empty line: this may have been a head
			}
			p.blank = c == '\n' || c == '\r' && p.blank
		}
		return
	}
	n := min(p.unasked, int64(len(b)))
	p.unasked -= n
	if b = b[n:]; len(b) > 0 {
		p.unread.pieces++
	}
	if bytes.IndexByte(b, '\n') >= 0 {
		p.unread.lines++
	}
}

// missed notes that n bytes of s were not captured, or an unknown number, if n is
// negative. Another message may have begun with them, and begun bytes before; if begun
// is negative, so many of them belong to the one before.
func (d *Decoder) missed(s *side, n, begun int64) {
	p := &d.pairs
	if s.dir == wire.ToServer {
		if n += begun; n > int64(len("\r\n")) {
			p.unseen += n
		}
		return
	}
	p.unread.pieces++
	p.unread.lines++
	if x, _ := d.waiting(); x == nil && !p.pipelined {
		p.hidden, p.unseen = 0, 0 // they had their answers there
	}
}

// requests returns how many requests there may have been, since the last that was
// understood, that were not; and forgets them.
func (p *pairing) requests() int {
	n := p.hidden
	switch {
	case p.unseen > 0 && p.pipelined:
		n += int(min(max(p.unseen/shortest, 1), maxOpen))
	case p.unseen > 0:
		n++ // the client waits for its answer
	}
	p.hidden, p.unseen = 0, 0
	return n
}

// waits reports whether x waits for its response.
func (x *exchange) waits() bool { return !x.answered && !x.Sides[wire.ToClient].Done }

// waiting returns the exchange that has waited longest for its response, if one
// does, and whether others do too.
func (d *Decoder) waiting() (x *exchange, others bool) {
	for _, y := range d.open {
		switch {
		case !y.waits():
		case x == nil:
			x = y
		default:
			return x, true
		}
	}
	return x, false
}

// asks notes that the client begins another request, before it is an exchange.
func (d *Decoder) asks() {
	p := &d.pairs
	switch x, _ := d.waiting(); {
	case x == nil:
	case x.before == p.unread:
		p.pipelined = true
	case p.pipelined:
		d.drift()
	default:
		d.answersNotFound()
	}
}

// asked notes that x has begun with a request, which was told.
func (d *Decoder) asked(x *exchange) {
	if s := &d.sides[wire.ToClient]; s.inBody() {
		s.mayEndHere()
	}
	p := &d.pairs
	p.pipelined = p.pipelined || p.unseen > 0 // no answer has come meanwhile, nor is one missing
	x.behind = p.requests()
	if p.adrift > 0 {
		p.adrift += 1 + x.behind
		d.answerNotFound(x)
	}
}

// answers returns the exchange that the response at the beginning of the window of
// s belongs to, or nil if there is none, or nobody can tell.
func (d *Decoder) answers(s *side, interim bool) *exchange {
	p := &d.pairs
	x, others := d.waiting()
	p.unasked = 0
	if p.adrift == 0 && x != nil && d.doubtful(x, others) {
		if !others && !p.pipelined {
			d.answerNotFound(x)
			p.requests()
			return nil
		}
		d.drift()
	}
	switch {
	case p.adrift > 0:
		if !interim {
			p.adrift--
		}
		x = nil
	case x == nil:
		p.hidden, p.unseen = 0, 0
	case x.start.After(s.w.TimeAt(s.w.Off())): // it began before it was asked for
		x = nil
	}
	if !p.pipelined {
		p.hidden = 0
	}
	return x
}

// doubtful reports whether the next response may belong to a request that
// is not x, which has waited longest for one.
func (d *Decoder) doubtful(x *exchange, others bool) bool {
	p := &d.pairs
	missed := x.before.lines != p.unread.lines
	return x.behind > 0 || missed && (others || p.unseen > 0)
}

// drift says that nobody can tell any more which response belongs to which
// request.
func (d *Decoder) drift() { d.pairs.adrift += d.answersNotFound() + d.pairs.requests() }

// answersNotFound ends the wait of all exchanges for their responses. It returns
// how many there were, with those that may be hidden before them.
func (d *Decoder) answersNotFound() (n int) {
	for _, x := range slices.Clone(d.open) {
		if x.waits() {
			n += 1 + x.behind
			d.answerNotFound(x)
		}
	}
	return n
}

// answerNotFound ends the wait of x for its response. It reports whether that was
// the end of x.
func (d *Decoder) answerNotFound(x *exchange) (ended bool) {
	x.Sides[wire.ToClient].Done, x.state = true, wire.StatePartial
	d.wrong(&d.sides[wire.ToClient], x, anomaly.AnswerNotFound, "")
	if ended = x.Sides[wire.ToServer].Done; ended {
		d.finish(x)
	}
	return ended
}
