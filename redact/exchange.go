package redact

import (
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// end names all that was masked in an exchange, and forgets about it. Its parts
// went through here before, but for what only became known now.
func (r *Redactor) end(ev *wire.End) *wire.End {
	bodies := ev.Bodies
	for i, b := range bodies {
		if b != nil {
			bodies[i] = r.seeBody(b)
		}
	}
	names := r.state(ev.Conn).forget(ev.Exchange)
	if len(names) == 0 && bodies == ev.Bodies {
		return ev
	}
	c := *ev
	c.Bodies, c.Masked = bodies, mask.Union(ev.Masked, names)
	return &c
}
