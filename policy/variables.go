package policy

import "slices"

// variables makes the plan of a proxy that has variables, for all its releases: of all, those go
// that none of these needs, first those that let in most. What is let in is told of the newer.
func (l *plan) variables() {
	on := map[string]bool{}
	all := haproxyVars(l.proxy)
	for _, name := range all {
		on[name] = true
	}
	model := newHAProxy(l.proxy, on)
	older := model.inOlder()
	var wanted []*Use
	for _, u := range l.seen.Operations {
		if u.op.letIn(model) {
			wanted = append(wanted, u)
		}
	}
	lets := func(of *haproxy) bool {
		return !slices.ContainsFunc(wanted, func(u *Use) bool { return !allows(of, u.op.Method, u.op.samples[0]) })
	}
	for _, name := range append([]string{postVar, "CONTAINERS"}, all...) {
		if !on[name] {
			continue
		}
		delete(on, name)
		if !lets(model) || !lets(older) {
			on[name] = true
		}
	}
	l.model = model
	for _, name := range all {
		if !on[name] {
			continue
		}
		r := rule{name: name, value: "1"}
		switch {
		case name == postVar || slices.Contains(otherMethods, name):
			delete(on, name)
			r.note = l.saysMethod(name, lets(model))
			on[name] = true
		case slices.ContainsFunc(gatesOf(l.proxy).of, func(g gate) bool { return g.name == name }):
			l.gate(&r, model)
		default:
			l.variable(&r, model)
		}
		l.rules = append(l.rules, r)
	}
	for _, name := range grantedUnasked {
		if !on[name] {
			l.rules = append(l.rules, rule{name: name, value: "0", note: "Not seen, and on unless it is 0."})
		}
	}
}

// saysMethod says what the variable of a method is for; needless is one that the newer releases
// do not need.
func (l *plan) saysMethod(name string, needless bool) string {
	g := gatesOf(l.proxy)
	switch {
	case !g.methods:
		return "Everything but GET and HEAD, of all that is let in below."
	case name != postVar:
		return name + ", of all that is let in below. Releases " + g.older + " do not know it: POST is for it there."
	case needless:
		return "Releases " + g.older + " need it for everything but GET and HEAD. Those " + g.newer + " do not need it here: without it less is let in."
	}
	return "POST, of all that is let in below; in releases " + g.older + " everything but GET and HEAD."
}

// variable says what one lets in.
func (l *plan) variable(r *rule, model *haproxy) {
	alone := newHAProxy(l.proxy, map[string]bool{r.name: true})
	for _, name := range append([]string{postVar}, otherMethods...) {
		alone.on[name] = model.on[name]
	}
	for _, u := range l.seen.Operations {
		if u.op.letIn(alone.inOlder()) {
			r.uses = append(r.uses, u)
		}
	}
	r.beyond = l.beyond(alone, func(*operation) bool { return true })
	r.older = l.beyond(alone.inOlder(), func(o *operation) bool { return !o.letIn(model) })
	if l.proxy == tecnativa && (r.name == "ALLOW_PAUSE" || r.name == "ALLOW_UNPAUSE") {
		r.note = "Since release 0.5.0."
	}
}

// gate says what one lets in besides the variables above it.
func (l *plan) gate(r *rule, model *haproxy) {
	without := newHAProxy(l.proxy, map[string]bool{})
	for name, on := range model.on {
		without.on[name] = on && name != r.name
	}
	for _, u := range l.seen.Operations {
		if u.op.letIn(model) && !u.op.letIn(without) {
			r.uses = append(r.uses, u)
		}
	}
	r.beyond = l.beyond(model, func(o *operation) bool { return !o.letIn(without) })
	r.note = "Releases " + gatesOf(l.proxy).newer + " need it."
}

// olderLetIn counts the operations that only the older releases of the proxy let in.
func (l *plan) olderLetIn() int {
	var all []*operation
	for i := range l.rules {
		all = append(all, l.rules[i].older...)
	}
	return countNames(all)
}
