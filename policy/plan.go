package policy

import "slices"

// plan is rules for a proxy, with what is known of them.
type plan struct {
	proxy    *Proxy
	seen     *Seen
	rules    []rule
	model    Rules // that decides as the proxy does which has them
	binds    binding
	unsaid   []*Use // that no rule of this proxy lets in
	letIn    []*operation
	universe []*operation
}

// rule is one of a plan.
type rule struct {
	name   string // of the variable, or the method
	value  string // of the variable, or the expression
	uses   []*Use
	beyond []*operation // what it lets in and was not seen
	older  []*operation // what it lets in besides in the older releases of the proxy
	note   string
}

// binding says what of the host may be mounted, of proxies that look at that.
type binding struct {
	dirs []string // nil: anything
	note string
}

// noFolder is a folder that nothing is below: to allow it alone denies all mounts.
const noFolder = "/nonexistent"

// isSeen reports whether an operation was seen, by whatever path.
func (l *plan) isSeen(o *operation) bool {
	return slices.ContainsFunc(l.seen.Operations, func(u *Use) bool { return u.op.Name == o.Name })
}

// beyond returns what of the operations of the plan a choice of them is let in and was not seen,
// the most dangerous first.
func (l *plan) beyond(model Rules, choose func(*operation) bool) []*operation {
	var all []*operation
	for _, o := range l.universe {
		if choose(o) && !l.isSeen(o) && o.letIn(model) {
			all = append(all, o)
		}
	}
	return byDanger(all)
}

// expressions makes the plan of a proxy that has expressions: one for each operation.
func (l *plan) expressions() {
	for _, u := range l.seen.Operations {
		r := rule{name: u.op.Method, uses: []*Use{u}}
		if l.proxy == wollomatic {
			r.value = decodedPath.expression(u.op, u.decoded)
		} else {
			r.value = listExpression(u.op, u.sent)
		}
		r.beyond = l.beyond(l.alone(&r), func(o *operation) bool { return o.Method == u.op.Method })
		l.rules = append(l.rules, r)
	}
	if l.proxy == wollomatic {
		l.bind()
	}
	l.model = l.together(l.rules)
}

// alone returns what decides with one rule alone.
func (l *plan) alone(r *rule) Rules { return l.together([]rule{*r}) }

// together returns what decides with rules.
func (l *plan) together(rules []rule) Rules {
	if l.proxy == wollomatic {
		a := &allowList{binds: l.binds.dirs}
		for _, r := range rules {
			a.add(r.name, mustAnchor(r.value))
		}
		return a
	}
	var all ruleList
	for _, r := range rules {
		expression, err := expand(r.value)
		if err != nil {
			panic(err) // our own: a test would see
		}
		all = append(all, listRule{[]string{r.name}, mustAnchor(expression)})
	}
	return all
}

// bind says what of the host may be mounted.
func (l *plan) bind() {
	defer func() {
		if l.binds.dirs != nil && slices.ContainsFunc(l.seen.Operations, func(u *Use) bool { return u.op.libpod && u.op.creates() }) {
			l.binds.note += " What Podman's own API creates may mount anything."
		}
	}()
	s := l.seen
	switch {
	case !s.creates():
	case s.borrows:
		l.binds.note = "No rule for mounts: one container had the mounts of another (VolumesFrom)"
	case s.unread > 0 || s.bindsMore:
		l.binds.note = "No rule for mounts: not all documents that tell of them were seen in full"
	case len(s.Binds) == 0:
		l.binds = binding{[]string{noFolder}, "Nothing of the host was mounted: nothing is let in."}
	default:
		for _, dir := range s.Binds {
			if !plainFolder(dir) {
				l.binds = binding{nil, "No rule for mounts: it cannot be said with " + quoted(dir)}
				return
			}
		}
		l.binds = binding{slices.Clone(s.Binds), "These were mounted. What is below them is let in too."}
	}
}
