package decode

import (
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/wire"
)

// New returns a decoder for c. It calls emit in the goroutine that calls its
// methods, before they return; emit must not panic.
func New(c *wire.Conn, o Options, emit func(wire.Event)) *Conn {
	d := &Conn{conn: c, o: o, emit: emit}
	d.env = body.Env{
		Conn: c, Needs: o.Needs, MaxValue: o.maxMessage(), Account: budget.NewAccount(o.Budget),
		Hidden: o.Hidden, Order: o.Order, Terminals: o.Terminals, Protobuf: o.Protobuf, Nester: d, Tell: d.tell, Now: c.Start,
	}
	d.again = func() *Conn {
		c := New(d.conn, d.o, d.tell)
		c.opened, c.within = true, true
		return c
	}
	for i := range d.windows {
		d.windows[i].Note(c.Start)
	}
	d.proto = &unknown{d}
	return d
}
