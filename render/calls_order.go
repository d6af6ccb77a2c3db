package render

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// callOrder has calls stand in the order of their requests, which is the one that they are
// to be made in; exchanges are known when they end. What has ended waits for what was asked
// for earlier and has not. What lasts until something happens, such as the wait for the end
// of a container, is told before it ends, if the others have waited for long.
type callOrder struct {
	begun int                  // requests so far
	open  map[callID]*callTurn // exchanges that have not ended
	queue []*callTurn          // what is not told, in order
	held  int                  // bytes of what has ended, in the queue
	tell  func(*callTurn)      // shows one
}

// callID is of an exchange.
type callID struct{ conn, exchange int }

// callTurn is what stands at one place.
type callTurn struct {
	n    int            // requests up to it
	id   callID         // zero: no exchange
	x    *wire.Exchange // as it ended, or as far as it is known; nil: nothing is
	size int

	ended   bool
	aside   bool   // others were asked for before it ended
	told    bool   // before it ended
	passed  bool   // those behind it do not wait any more
	remarks string // in the place of an exchange
}

// What waits is bounded: how many, of how many bytes, and for how long.
const (
	maxTurns     = 256
	maxTurnBytes = 2 << 20
	turnPatience = time.Second
)

// idOf returns whose event it is.
func idOf(m *wire.Meta) callID { return callID{connID(m), m.Exchange} }

// begin notes a request.
func (o *callOrder) begin(m *wire.Meta) {
	if len(o.open) >= maxTurns || o.open[idOf(m)] != nil {
		return
	}
	o.begun++
	t := &callTurn{n: o.begun, id: idOf(m)}
	o.open[t.id] = t
	o.queue = append(o.queue, t)
}

// goesOn notes what is known of an exchange that lasts.
func (o *callOrder) goesOn(x *wire.Exchange) {
	if t := o.open[idOf(&x.Meta)]; t != nil && !t.told && x.Waits() {
		known := *x
		t.x = &known
	}
}

// end notes the end of an exchange, and tells what has its turn.
func (o *callOrder) end(x *wire.Exchange) {
	t := o.open[idOf(&x.Meta)]
	if t == nil {
		t = &callTurn{n: o.begun, passed: true}
	}
	delete(o.open, t.id)
	t.x, t.ended, t.aside = x, true, t.aside || o.begun > t.n
	if t.passed {
		o.tell(t)
		return
	}
	t.size = sizeOf(x)
	o.held += t.size
	o.advance()
	if len(o.queue) >= maxTurns || o.held > maxTurnBytes {
		o.pass()
	}
}

// sizeOf returns about how much memory an exchange is, in bytes.
func sizeOf(x *wire.Exchange) int {
	size := 4 << 10
	for _, b := range []*wire.Body{x.RequestBody, x.ResponseBody} {
		if b != nil {
			size += len(b.Data)
		}
	}
	return size
}

// remark has a remark stand behind the exchanges so far.
func (o *callOrder) remark(text string) {
	o.queue = append(o.queue, &callTurn{n: o.begun, ended: true, remarks: text})
	o.advance()
}

// advance tells what nothing is before that has not ended.
func (o *callOrder) advance() {
	for len(o.queue) > 0 && o.queue[0].ended {
		t := o.queue[0]
		o.queue = o.queue[1:]
		o.held -= t.size
		if t.x != nil || t.remarks != "" {
			o.tell(t)
		}
	}
}

// pass has nothing wait any more: what lasts is told, and what else is open comes when
// it ends.
func (o *callOrder) pass() {
	queue := o.queue
	o.queue, o.held = nil, 0
	for _, t := range queue {
		switch {
		case t.ended && (t.x != nil || t.remarks != ""):
			o.tell(t)
		case !t.ended && t.x != nil:
			t.aside = true
			o.tell(t)
			t.told = true
		}
		t.passed = true
		if !t.ended {
			t.x = nil
		}
	}
}

// shut forgets the exchanges of a connection that is closed: their ends are missing.
func (o *callOrder) shut(conn int) {
	for id, t := range o.open {
		if id.conn == conn {
			delete(o.open, id)
			t.ended = true
		}
	}
	o.advance()
}

// late has nothing wait any more if something has ended long before now.
func (o *callOrder) late(now time.Time) {
	for _, t := range o.queue {
		if t.ended && t.x != nil && now.Sub(t.x.End) > turnPatience {
			o.pass()
			return
		}
	}
}
