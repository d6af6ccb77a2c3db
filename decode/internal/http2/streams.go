package http2

import (
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxOpen bounds the streams of a connection that are open at once: a peer that
	// allows more than some hundred is rare.
	maxOpen = 10_000
	// maxSpare bounds the exchanges that are kept to be used again.
	maxSpare = 16
	// maxRoom is how many fields an exchange leaves memory for.
	maxRoom = 64
)

// begin starts the exchange of a stream whose first frame is at at. It has room bytes
// of the account.
func (d *Decoder) begin(stream uint32, at window.Place, room int) *exchange {
	d.begun++
	var x *exchange
	if n := len(d.spare); n > 0 {
		x, d.spare = d.spare[n-1], d.spare[:n-1]
	} else {
		x = new(exchange)
	}
	x.Init(d.env, d.begun)
	x.stream, x.off, x.start, x.charged = stream, at.Off, at.Time, room
	x.gaps = [2]int{d.sides[0].gaps, d.sides[1].gaps}
	d.open.add(x)
	return x
}

// look notes that s goes on in x: if something was lost of s since it last did, x may
// miss some of it.
func (d *Decoder) look(s *side, x *exchange) {
	if x.gaps[s.dir] == s.gaps {
		return
	}
	x.gaps[s.dir] = s.gaps
	x.state = wire.StatePartial
	if x.begun[s.dir] || x.Upgrade != nil {
		x.Sides[s.dir].Gap(-1)
	} else {
		x.Sides[s.dir].Late()
	}
}

// done ends the side of x that s sends. The exchange ends with its second side.
func (d *Decoder) done(s *side, x *exchange, complete bool) {
	d.look(s, x)
	m := &x.Sides[s.dir]
	if !complete {
		m.Cut()
		if x.state == wire.StateDone {
			x.state = wire.StateAborted
		}
	}
	if x.Upgrade != nil {
		m.EndStream()
		d.env.EOF(s.w, s.dir, x.Number)
	} else {
		m.End(complete)
	}
	if m.Done = true; x.Sides[s.dir.Other()].Done {
		d.finish(x)
	}
}

// finish tells the end of x, whatever is missing of it.
func (d *Decoder) finish(x *exchange) {
	d.open.remove(x)
	for i := range x.Sides {
		if m := &x.Sides[i]; !m.Done {
			d.look(&d.sides[i], x)
			whole := wire.Dir(i) == wire.ToServer && d.enough(x)
			if whole {
				m.Enough()
			} else {
				m.Cut()
			}
			m.End(whole)
			d.recent.add(x.stream)
		}
	}
	if !x.asked {
		d.orphans.add(x.stream)
	}
	for i := range d.sides {
		if s := &d.sides[i]; s.x == x {
			s.x = nil // what comes of its frame belongs to nothing
		}
	}
	d.notProcessed(x)
	x.end = wire.End{
		Meta:  wire.Meta{Conn: d.env.Conn, Exchange: x.Number, Dir: wire.ToServer, Off: x.off, Start: x.start, End: d.env.Now},
		State: x.state, Upgrade: x.Learnt(), Left: d.left(x),
	}
	if x.isReset {
		x.end.Reset = &x.reset
	}
	d.env.Tell(&x.end)
	d.env.Account.Refund(x.charged)
	spare := [2]body.Spare{x.Sides[0].Leave(), x.Sides[1].Leave()}
	if d.env.LendsNow() && len(d.spare) < maxSpare {
		room := x.room
		for _, fields := range room {
			clear(fields[:cap(fields)]) // the room of idle connections holds no head
		}
		*x = exchange{}
		x.room = room
		for i := range spare {
			x.Sides[i].Use(spare[i])
		}
		d.spare = append(d.spare, x)
	}
}

// enough reports whether the request of x is whole although its client has not ended
// it: the response is, and nothing said how long it would be. So does a call of gRPC
// end whose client goes on listening until it has the status.
func (d *Decoder) enough(x *exchange) bool {
	return x.Sides[wire.ToClient].Done && x.state == wire.StateDone && !wire.HasField(x.fields[wire.ToServer], "content-length")
}

// left reports whether the client did not wait for the end of x.
func (d *Decoder) left(x *exchange) bool {
	switch {
	case x.left, d.env.Stopped, !d.env.Left:
		return x.left
	case x.Upgrade != nil:
		return d.env.Abandoned()
	}
	return d.env.Ending && !x.answered && x.Sides[wire.ToServer].Done && x.state == wire.StateAborted
}

// notProcessed tells, at the end of x, that the server has said that it would not answer
// (RFC 9113, section 6.8).
func (d *Decoder) notProcessed(x *exchange) {
	s := &d.sides[wire.ToClient]
	if s.away && x.stream&1 == 1 && x.stream > s.lastSeen && !x.answered {
		d.wrong(s, x, s.w.Off(), anomaly.NotProcessed, "the last stream was "+strconv.FormatUint(uint64(s.lastSeen), 10))
	}
}
