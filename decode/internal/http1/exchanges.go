package http1

import (
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// maxOpen bounds the exchanges of a connection that are not answered yet:
// requests may be pipelined without end.
const maxOpen = 4096

// begin starts an exchange with the head at off of s.
func (d *Decoder) begin(s *side, off int64) *exchange {
	d.begun++
	x := d.spare
	if d.spare = nil; x == nil {
		x = d.another()
	}
	x.Init(d.env, d.begun)
	x.off, x.start, x.before = off, s.w.TimeAt(off), d.pairs.unread
	d.open = append(d.open, x)
	return x
}

// done ends the message of s. The exchange ends with its second message.
func (d *Decoder) done(s *side, complete bool) {
	x := s.exchange
	m := &x.Sides[s.dir]
	m.End(complete)
	m.Done = true
	if !complete && x.state == wire.StateDone {
		x.state = wire.StateAborted
	}
	s.exchange = nil
	if x.Sides[s.dir.Other()].Done {
		d.finish(x)
	}
}

// finish tells the end of x, whatever is missing of it.
func (d *Decoder) finish(x *exchange) {
	if i := slices.Index(d.open, x); i >= 0 {
		d.open = slices.Delete(d.open, i, i+1)
	}
	for i := range d.sides {
		if s := &d.sides[i]; s.exchange == x {
			x.Sides[i].End(false)
			s.exchange = nil
		}
	}
	x.end = wire.End{
		Meta:  wire.Meta{Conn: d.env.Conn, Exchange: x.Number, Dir: wire.ToServer, Off: x.off, Start: x.start, End: d.env.Now},
		State: x.state, Upgrade: x.Learnt(), Left: d.left(x),
	}
	d.env.Tell(&x.end)
	d.env.Account.Refund(x.charged)
	x.spare = [2]body.Spare{x.Sides[0].Leave(), x.Sides[1].Leave()}
	switch {
	case x.maySwitch: // held may still look at it
	case d.env.LendsNow():
		x.reset()
		d.spare = x
	case d.env.Lends():
		d.env.Order.Later(x)
	}
}

// another returns an exchange, of those that other connections have left if there is one.
func (d *Decoder) another() *exchange {
	if d.env.Lends() && d.env.Order != nil {
		return spares.Get().(*exchange)
	}
	return new(exchange)
}

// spares are exchanges to be used again, of decoders that are ahead of what is passed on.
var spares = sync.Pool{New: func() any { return new(exchange) }}

// Told lets others use x again, whose end was passed on.
func (x *exchange) Told() {
	x.reset()
	spares.Put(x)
}

// reset makes x ready to be used again, with its memory.
func (x *exchange) reset() {
	for _, fields := range x.fields {
		clear(fields[:min(len(fields), maxRoom)]) // the room of idle connections holds no head
	}
	room, spare := x.room, x.spare
	*x = exchange{room: room}
	for i := range spare {
		x.Sides[i].Use(spare[i])
	}
}

// left reports whether the client closed the connection before x had ended: within
// the response, while it waited for that, or within what followed an upgrade. A daemon
// that sees it gone may still end in order what would have gone on.
func (d *Decoder) left(x *exchange) bool {
	switch {
	case x.left, d.env.Stopped, !d.env.Left:
		return x.left
	case x.Upgrade != nil && strings.HasPrefix(x.Upgrade.Protocol, "h2"):
		// The connection inside tells what became of its streams. One that the client
		// broke off, as by leaving with something unread, has not failed by itself.
		return x.state == wire.StateAborted && d.env.Abandoned()
	case x.Upgrade != nil:
		return d.env.Abandoned()
	case x.Call.Waits() && !x.Call.Hijacks() && x.state == wire.StateDone:
		return x.response.Status/100 == 2
	}
	return d.env.Ending && !x.answered && x.Sides[wire.ToServer].Done && x.state == wire.StateAborted
}

// body returns the side of the exchange that s is in.
func (s *side) body() *body.Body { return &s.exchange.Sides[s.dir] }
