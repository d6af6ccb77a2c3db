package lanes

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// tap is a connection. Its first fields are the reader's, the others its lane's, or
// whoever's turn it is to tell.
type tap struct {
	all  *Lanes
	conn *wire.Conn
	lane int   // where it is decoded
	last int64 // number of its last operation

	decoder wire.Tap
	tell    func(wire.Event) // nil: nobody is told
}

// choose chooses a lane. A connection may change to another as long as nothing of it
// is on its way.
func (t *tap) choose(r *round) {
	if t.last < 0 || t.last < t.all.told.Load() {
		t.lane = r.idlest(t.lane)
	}
}

var _ wire.TLSTap = (*tap)(nil)

// TLS has the handshake told, if the decoder wants to know of it. It belongs to that.
func (t *tap) TLS(ev *wire.TLS) { t.all.add(t, operation{kind: handshake, tls: ev}) }

// Chunk has c decoded.
func (t *tap) Chunk(c wire.Chunk) { t.all.add(t, operation{kind: chunk, chunk: c}) }

// End has the connection ended.
func (t *tap) End(at time.Time, err error) {
	t.all.add(t, operation{kind: end, chunk: wire.Chunk{Time: at}, err: err})
}

// in returns the lane in which it is decoded.
func (t *tap) in() *lane { return t.all.lanes[t.lane] }

// take takes an event of the decoder.
func (t *tap) take(ev wire.Event) {
	l := t.in()
	w := l.work
	if !l.floor {
		if w.held += wire.DataBytes(ev) + perItem; w.held > maxHeld/len(t.all.lanes) {
			l.await()
		}
	}
	if l.floor {
		t.all.pass(t, ev)
		return
	}
	w.items = append(w.items, item{event: w.own(ev)})
}

// Await waits for the turn of what is being decoded.
func (t *tap) Await() { t.in().await() }

// Later has Told of what called then.
func (t *tap) Later(what interface{ Told() }) {
	if l := t.in(); l.floor {
		what.Told()
	} else {
		l.work.items = append(l.work.items, item{told: what})
	}
}
