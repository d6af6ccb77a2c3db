package policy

// planFor returns the least rules of a proxy that let in what was seen.
func planFor(s *Seen, p *Proxy) *plan {
	l := &plan{proxy: p, seen: s, universe: s.universe()}
	switch p {
	case tecnativa, linuxserver:
		l.variables()
	default:
		l.expressions()
	}
	for _, o := range l.universe {
		if o.letIn(l.model) {
			l.letIn = append(l.letIn, o)
		}
	}
	for _, u := range s.Operations {
		if !u.op.letIn(l.model) {
			l.unsaid = append(l.unsaid, u)
		}
	}
	return l
}
