package decode

import (
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// maxOpen bounds the exchanges of a connection that are not answered yet:
// requests may be pipelined without end.
const maxOpen = 4096

// exchange is a request and its response while they go by. Its End is sent when
// both sides are complete.
//
// What nearly every exchange has is in one piece of memory: allocating is most
// of what decoding a small exchange costs.
type exchange struct {
	wire.Meta // Off and Start are those of the request
	State     wire.State
	Request   *wire.Request // nil if it was not seen
	Response  *wire.Response
	Upgrade   *wire.Upgrade
	end       wire.End
	request   wire.Request
	response  wire.Response
	bodies    [2]wire.Body
	side      [2]message
	call      call // what the request means to Docker
	maySwitch bool // the response may turn the connection into something else
	answered  bool // the final response head was seen
}

// begin starts an exchange with the head at off of h.
func (d *Conn) begin(h *half, off int64) *exchange {
	d.n++
	ex := d.spare
	d.spare = nil
	if ex == nil {
		ex = new(exchange)
	}
	ex.Meta = wire.Meta{Conn: d.conn, Exchange: d.n, Dir: wire.ToServer, Off: off, Start: h.timeAt(off)}
	d.open = append(d.open, ex)
	return ex
}

// unanswered returns the oldest exchange whose response is not complete, or
// nil.
func (d *Conn) unanswered() *exchange {
	for _, ex := range d.open {
		if !ex.side[wire.ToClient].done {
			return ex
		}
	}
	return nil
}

// forgoAnswers ends the exchanges that are not answered when another request
// comes behind a gap in the answers: a client asks again when it has its answer,
// so it was in the gap. (One that pipelines may be wronged here: its later
// answers become those of the wrong requests, or of none.)
func (d *Conn) forgoAnswers() {
	if !d.half[wire.ToClient].missed {
		return
	}
	d.half[wire.ToClient].missed = false
	for _, ex := range slices.Clone(d.open) {
		if m := &ex.side[wire.ToClient]; !m.done && !ex.answered {
			m.done, ex.State = true, wire.StatePartial
			if ex.side[wire.ToServer].done {
				d.finish(ex)
			}
		}
	}
}

// done ends h's message. The exchange ends with its second message.
func (d *Conn) done(h *half, complete bool) {
	ex := h.ex
	m := &ex.side[h.dir]
	d.endBody(h, m, complete)
	m.done = true
	if !complete && ex.State == wire.StateDone {
		ex.State = wire.StateAborted
	}
	h.ex = nil
	if ex.side[h.dir.Other()].done {
		d.finish(ex)
	}
}

// finish sends the End event, whatever is missing of the exchange.
func (d *Conn) finish(ex *exchange) {
	for i, o := range d.open {
		if o == ex {
			d.open = append(d.open[:i], d.open[i+1:]...)
			break
		}
	}
	for i := range ex.side {
		if h := &d.half[i]; h.ex == ex {
			d.endBody(h, &ex.side[i], false)
			h.ex = nil
		}
	}
	ex.end = wire.End{Meta: ex.Meta, State: ex.State, Upgrade: ex.Upgrade}
	ex.end.End = d.now
	d.emit(&ex.end)
	for i := range ex.side {
		d.o.Budget.give(ex.side[i].kept)
	}
	if d.o.Transient && !ex.maySwitch { // else held may still look at it
		spare := [2]memory{d.leave(&ex.side[0], &ex.bodies[0]), d.leave(&ex.side[1], &ex.bodies[1])}
		*ex = exchange{}
		for i := range spare {
			ex.side[i].spare = spare[i]
		}
		d.spare = ex
	}
}
