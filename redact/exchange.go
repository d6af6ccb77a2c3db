package redact

import (
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// exchange masks the parts of ev as their own events were, names all that was
// masked in the exchange, and forgets about it.
func (r *Redactor) exchange(ev *wire.Exchange) wire.Event {
	s, x := r.at(&ev.Meta)
	known := s.traitsAt(x, ev.Exchange)
	var names []string
	q := ev.Request
	if q != nil {
		if x.request.given != q { // otherwise its traits are known
			known |= traitsOf(q.Method, q.Target) | bodyTraits(q.Fields, wire.ToServer)
			x.request = pair[wire.Request]{q, r.request(s, q, known)}
		}
		q = x.request.shown
		names = append(names, q.Masked...)
	}
	p := ev.Response
	if p != nil {
		if x.response.given != p {
			known |= bodyTraits(p.Fields, wire.ToClient)
			x.response = pair[wire.Response]{p, r.response(s, p)}
		}
		p = x.response.shown
		names = append(names, p.Masked...)
	}
	bodies := [2]*wire.Body{ev.RequestBody, ev.ResponseBody}
	for dir, b := range bodies {
		if b == nil {
			continue
		}
		if x.bodies[dir].given != b {
			x.bodies[dir] = pair[wire.Body]{b, r.body(s, x, b, wire.Dir(dir), known)}
		}
		bodies[dir] = x.bodies[dir].shown
		names = append(names, bodies[dir].Masked...)
	}
	interim := slices.Clone(ev.Interim)
	for i, p := range interim {
		interim[i] = r.response(s, p)
		names = append(names, interim[i].Masked...)
	}
	anomalies := slices.Clone(ev.Anomalies)
	for i, a := range anomalies {
		var more []string
		anomalies[i], more = r.anomaly(a, known)
		names = append(names, more...)
	}
	r.note(x, names)
	if names = append(names, s.forget(ev.Exchange)...); len(names) == 0 {
		return ev
	}
	c := *ev
	c.Request, c.Response, c.RequestBody, c.ResponseBody = q, p, bodies[wire.ToServer], bodies[wire.ToClient]
	c.Interim, c.Anomalies = interim, anomalies
	c.Masked = union(ev.Masked, names)
	slices.Sort(c.Masked)
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
