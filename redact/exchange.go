package redact

import (
	"slices"

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
	c.Bodies, c.Masked = bodies, union(ev.Masked, names)
	return &c
}

// union returns a new slice with the names of a and b, each once.
func union(a, b []string) []string {
	out := make([]string, 0, len(a)+len(b))
	for _, names := range [][]string{a, b} {
		for _, name := range names {
			if len(out) < 2*maxNames && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
