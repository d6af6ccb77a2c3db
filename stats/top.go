package stats

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// maxTop is how many exchanges stand out.
const maxTop = 10

// top are the first of some exchanges, by an order.
type top struct {
	less  func(a, b *Exchange) bool
	first []Exchange
}

// add adds an exchange, if it is one of the first. Of two that are equal, that which
// came first is.
func (t *top) add(x *wire.Exchange, d time.Duration) {
	e := Exchange{Start: x.Start, Duration: d}
	full := len(t.first) == maxTop
	if full && !t.less(&e, &t.first[maxTop-1]) {
		return
	}
	if full {
		t.first = t.first[:maxTop-1]
	}
	at := len(t.first)
	for at > 0 && t.less(&e, &t.first[at-1]) {
		at--
	}
	e.describe(x)
	t.first = slices.Insert(t.first, at, e)
}

// describe fills in what x was.
func (e *Exchange) describe(x *wire.Exchange) {
	e.Number, e.Waits = x.Exchange, waits(x)
	if x.Conn != nil {
		e.Conn = x.Conn.ID
	}
	s := x.Subject
	if r := x.Request; r != nil {
		e.Operation, e.Method, e.Target = cloned(r.Call.Operation), cloned(r.Method), cloned(r.Target)
		if s == (wire.Subject{}) && r.Call.Operation != GRPCMethod { // whose target names it
			s.ID = r.Call.Subject
		}
	}
	e.Subject = wire.Subject{Type: cloned(s.Type), ID: cloned(s.ID), Name: cloned(s.Name), Container: cloned(s.Container)}
	if x.Response != nil {
		e.Status = x.Response.Status
	}
	if failed(x) {
		e.Error = cloned(why(x))
	}
}
