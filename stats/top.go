package stats

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// maxTop is how many exchanges stand out.
const maxTop = 10

// top are the exchanges with the lowest keys. Of two with one key, that which came
// first is before the other.
type top struct {
	keys  []int64
	first []Exchange
}

// add adds an exchange that has taken d, if it is one of the first.
func (t *top) add(x *wire.Exchange, d time.Duration, key int64) {
	at := len(t.keys)
	for at > 0 && key < t.keys[at-1] {
		at--
	}
	if at == maxTop {
		return
	}
	keep := min(len(t.keys), maxTop-1)
	e := Exchange{Start: x.Start, Duration: d}
	e.describe(x)
	t.keys = slices.Insert(t.keys[:keep], at, key)
	t.first = slices.Insert(t.first[:keep], at, e)
}

// describe fills in what x was.
func (e *Exchange) describe(x *wire.Exchange) {
	e.Number, e.Waits = x.Exchange, x.Waits()
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
	if x.Failed() {
		e.Error = cloned(why(x))
	}
}
