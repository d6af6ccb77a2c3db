package render

import (
	"iter"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// callOrder has calls stand in the order of their requests, which is the one that they are
// to be made in; exchanges are known when they end. What has ended waits for what was asked
// for earlier and has not. What lasts until something happens, such as the wait for the end
// of a container, is told before it ends, if the others have waited for long.
type callOrder struct {
	begun int                  // requests so far
	last  time.Time            // when the last of them was sent
	waits bool                 // requests may come late: what could be told waits for them
	open  map[callID]*callTurn // those in the queue that have not ended
	early map[callID]bool      // exchanges that were told and have not ended
	queue []*callTurn          // what is not told, in order
	held  int                  // bytes of what is in the queue
	tell  func(*callTurn)      // shows one
}

// callID is of an exchange.
type callID struct{ conn, exchange int }

// callTurn is what stands at one place: an exchange, or a remark.
type callTurn struct {
	n       int // requests up to it
	id      callID
	request *wire.Request
	tls     *wire.TLS      // of its connection, with the daemon
	x       *wire.Exchange // as it ended, or as far as it is known; nil: nothing is
	size    int            // bytes that it holds

	until   int  // requests up to its end
	overrun bool // others were sent before it ended, and told
	ended   bool // or what is known of its end comes no more
	told    bool // before it ended: this is what its end says

	remark string // in the place of an exchange
	story  bool   // that is what it tells
}

// What waits is bounded: how many, of how many bytes, and for how long.
const (
	maxTurns     = 1 << 11
	maxTurnBytes = 4 << 20
	turnPatience = time.Second
	maxEarly     = 1 << 12 // exchanges that were told and have not ended
)

// idOf returns whose event it is.
func idOf(m *wire.Meta) callID { return callID{connID(m), m.Exchange} }

// begin notes a request, and what the daemon is spoken to with.
func (o *callOrder) begin(r *wire.Request, tls *wire.TLS) {
	if o.open[idOf(&r.Meta)] != nil {
		return
	}
	if len(o.queue) >= maxTurns {
		o.pass()
	}
	o.begun++
	t := &callTurn{n: o.begun, id: idOf(&r.Meta), request: r, tls: tls}
	o.open[t.id] = t
	o.insert(t)
	o.keep(t, nil, turnBytes+wire.DataBytes(r))
	if r.Start.After(o.last) {
		o.last = r.Start
	}
}

// insert puts a turn behind those whose requests were sent before.
func (o *callOrder) insert(t *callTurn) {
	at := len(o.queue)
	for at > 0 && o.queue[at-1].request != nil && t.request.Start.Before(o.queue[at-1].request.Start) {
		at--
	}
	o.queue = slices.Insert(o.queue, at, t)
}

// turnBytes is about how much memory a turn is beside what it holds.
const turnBytes = 1 << 10

// keep has x be what is known of t.
func (o *callOrder) keep(t *callTurn, x *wire.Exchange, size int) {
	t.x = x
	o.held += size - t.size
	t.size = size
}

// goesOn notes what is known of an exchange that lasts, and whose request is complete.
func (o *callOrder) goesOn(x *wire.Exchange) {
	t := o.open[idOf(&x.Meta)]
	if t == nil || !x.Waits() || x.Response == nil && x.RequestBody == nil && hasBody(x.Request) {
		return
	}
	known := *x
	if known.Response == nil {
		known.State = wire.StateOpen
	}
	o.keep(t, &known, turnBytes+wire.HeldBytes(&known))
}

// hasBody reports whether a body follows a request of HTTP/1 (RFC 9112, section 6.3). In HTTP/2 one
// may.
func hasBody(r *wire.Request) bool {
	length := wire.FieldValue(r.Fields, "content-length")
	return r.Stream != 0 || wire.HasField(r.Fields, "transfer-encoding") || length != "" && length != "0"
}

// end notes the end of an exchange, and tells what has its turn.
func (o *callOrder) end(x *wire.Exchange, tls *wire.TLS) {
	t := o.open[idOf(&x.Meta)]
	if t == nil { // those behind it do not wait any more
		t = &callTurn{n: o.begun, id: idOf(&x.Meta), tls: tls, x: x, until: o.begun, ended: true, told: o.early[idOf(&x.Meta)]}
		t.overrun = o.last.After(x.Start)
		delete(o.early, t.id)
		o.tell(t)
		return
	}
	delete(o.open, t.id)
	t.ended, t.until = true, o.begun
	o.keep(t, x, turnBytes+wire.HeldBytes(x))
	o.advance()
	if o.held > maxTurnBytes {
		o.pass()
	}
}

// remark has a remark stand behind the exchanges so far.
func (o *callOrder) remark(text string, story bool) {
	o.queue = append(o.queue, &callTurn{n: o.begun, ended: true, remark: text, story: story})
	o.advance()
}

// advance tells what nothing is before that has not ended.
func (o *callOrder) advance() {
	for !o.waits && len(o.queue) > 0 && o.queue[0].ended {
		o.next()
	}
}

// next takes the first turn out of the queue, and tells it if there is something to tell.
func (o *callOrder) next() {
	t := o.queue[0]
	o.queue = o.queue[1:]
	o.held -= t.size
	if t.x != nil || t.remark != "" {
		o.tell(t)
	}
}

// pass has nothing wait any more: what lasts is told, and what else is open comes when
// it ends.
func (o *callOrder) pass() {
	for len(o.queue) > 0 {
		t := o.queue[0]
		if !t.ended {
			delete(o.open, t.id)
			if t.x != nil && len(o.early) < maxEarly {
				o.early[t.id], t.until, t.overrun = true, o.begun, true
			} else {
				t.x = nil
			}
		}
		o.next()
	}
}

// shut forgets those of a connection that were told: it is closed, and their ends are missing.
func (o *callOrder) shut(conn int) {
	for id := range o.early {
		if id.conn == conn {
			delete(o.early, id)
		}
	}
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

// lasts reports whether others were sent before the exchange of t ended, which is being told.
func (o *callOrder) lasts(t *callTurn) bool {
	for range o.during(t) {
		return true
	}
	return t.overrun
}

// during yields the requests that came behind that of t, which is being told, and before it ended.
func (o *callOrder) during(t *callTurn) iter.Seq[*wire.Request] {
	return func(yield func(*wire.Request) bool) {
		for _, other := range o.queue {
			if other.request == nil || other.n > t.until || t.ended && other.request.Start.After(t.x.End) {
				continue
			}
			if !yield(other.request) {
				return
			}
		}
	}
}
