package policy

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSamples: each request that stands for an operation asks for that, and for no other.
func TestSamples(t *testing.T) {
	t.Parallel()
	a := newAccount(nil)
	for i := range operations() {
		o := &operations()[i]
		for _, target := range o.samples {
			s := sees(t, o.Method+" "+target)
			if len(s.Operations) != 1 || s.Operations[0].op.Name != o.Name {
				t.Errorf("%s %s does not ask for %s alone: %d", o.Method, target, o.Name, len(s.Operations))
			}
		}
		if a.routes[o.Operation] != o {
			t.Errorf("%s is not found", o.Name)
		}
	}
	if len(operations()) < 250 {
		t.Errorf("%d operations", len(operations()))
	}
}

// TestLeast: of any operations, the rules that are written for a proxy, read as a user has them,
// let in each, with a version and without; and of the others those that they are said to let in,
// and no more.
func TestLeast(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 30 {
		most := 1 + random.IntN(12)
		if round == 0 {
			most = len(operations())
		}
		var requests []string
		var chosen []*operation
		for len(chosen) < most {
			o := &operations()[random.IntN(len(operations()))]
			if o.libpod && round%3 != 0 || round == 0 {
				o = &operations()[len(chosen)]
				if round != 0 {
					o = &operations()[random.IntN(100)]
				}
			}
			chosen = append(chosen, o)
			requests = append(requests, o.Method+" "+o.samples[random.IntN(len(o.samples))])
		}
		s := sees(t, requests...)
		for _, p := range Proxies() {
			l := planFor(s, p)
			for _, form := range p.Forms {
				r := rulesOf(t, s, p, form)
				compareLeast(t, s, l, chosen, r, form)
				if isHAProxy(p) {
					compareOlder(t, s, l, older(r))
				}
			}
		}
	}
}

// compareLeast compares rules with the plan that they were written from.
func compareLeast(t *testing.T, s *Seen, l *plan, chosen []*operation, r *Read, form string) {
	t.Helper()
	said := map[string]bool{}
	for i := range l.rules {
		for _, o := range l.rules[i].beyond {
			said[o.Name] = true
		}
	}
	for _, o := range chosen {
		unsaid := slices.ContainsFunc(l.unsaid, func(u *Use) bool { return u.op == o })
		regexps := l.proxy == wollomatic || l.proxy == cetusguard
		if unsaid && (regexps || section(o.Path) != "debug" && section(o.Path) != "libpod") && o.Name != "Options" {
			t.Errorf("%s: no rule for %s", l.proxy.Name, o.Name)
		}
		for _, target := range o.samples {
			if got := allows(r, o.Method, target+"?a=%2Fb&c=d"); got == unsaid {
				t.Errorf("%s as %s: %s %s: let in: %t\n%s", l.proxy.Name, form, o.Method, target, got, s.Rules(l.proxy, form))
			}
		}
	}
	for _, o := range l.universe {
		if l.isSeen(o) {
			continue
		}
		if got := o.letIn(r); got != said[o.Name] {
			t.Errorf("%s as %s: %s is let in: %t, and said to be: %t\n%s", l.proxy.Name, form, o.Name, got, said[o.Name], s.Rules(l.proxy, form))
		}
	}
}

// compareOlder compares rules with what is said of them in the older releases.
func compareOlder(t *testing.T, s *Seen, l *plan, r *Read) {
	t.Helper()
	said := map[string]bool{}
	for i := range l.rules {
		for _, o := range slices.Concat(l.rules[i].beyond, l.rules[i].older) {
			said[o.Name] = true
		}
	}
	for _, o := range l.universe {
		if got := o.letIn(r); !l.isSeen(o) && got != said[o.Name] {
			t.Errorf("%s: %s is let in: %t, and said to be: %t\n%s", r.Title(), o.Name, got, said[o.Name], s.Rules(l.proxy, Env))
		}
		if l.isSeen(o) && o.letIn(l.model) && !o.letIn(r) {
			t.Errorf("%s: %s is denied\n%s", r.Title(), o.Name, s.Rules(l.proxy, Env))
		}
	}
}

// TestExact: expressions let in what was not seen only where paths do not tell it apart.
func TestExact(t *testing.T) {
	t.Parallel()
	// A name that is a word of another operation, or has slashes in it.
	alike := map[string]bool{"DebugPprofLookup": true, "Options": true, "ImageDeleteLibpod": true, "ArtifactDeleteLibpod": true, "ManifestCreateLibpod": true}
	for i := range operations() {
		o := &operations()[i]
		if alike[o.Name] {
			continue
		}
		s := sees(t, o.Method+" "+o.samples[0])
		for _, p := range []*Proxy{wollomatic, cetusguard} {
			if l := planFor(s, p); len(l.rules) != 1 || len(l.rules[0].beyond) > 0 {
				t.Errorf("%s for %s %s lets in more", p.Name, o.Name, l.rules[0].saysBeyond())
			}
		}
	}
}
