package fault

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// rules parses rules.
func rules(t testing.TB, texts ...string) (all []*Rule) {
	t.Helper()
	for _, text := range texts {
		r, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// chosen asks a plan for requests to start a container, and returns a letter for each: that of
// the kind, or a dot.
func chosen(p *Plan, n int) string {
	var b strings.Builder
	for range n {
		a := p.Choose(asks("POST", "/containers/web/start"))
		if a == nil {
			b.WriteByte('.')
			continue
		}
		b.WriteByte(a.String()[0])
	}
	return b.String()
}

// TestChoose: the first rule that is due is applied, as often as it says.
func TestChoose(t *testing.T) {
	for _, c := range []struct{ want, rules string }{
		{"55....", "ContainerStart: 500 x2"},
		{"...555", "ContainerStart: 500 skip 3"},
		{"..5...", "ContainerStart: 500 skip 2 x1"},
		{"555555", "ContainerStart: 500"},
		{"......", "ContainerStop: 500"},
		{"55rrrr", "ContainerStart: 500 x2|ContainerStart: reset"},
		{"ds.ss.", "ContainerStart: delay 1s x1|/containers/*/start: stall x1|ContainerStart: stall skip 1 x2"},
	} {
		p := NewPlan(1, rules(t, strings.Split(c.rules, "|")...)...)
		if got := chosen(p, 6); got != c.want {
			t.Errorf("%s: %s, want %s", c.rules, got, c.want)
		}
	}
}

// TestCounts: what each rule has done is counted, and told.
func TestCounts(t *testing.T) {
	p := NewPlan(1, rules(t, "ContainerStart: 500 skip 1 x2", "Container*: reset x1", "ImageList: stall")...)
	var told []string
	p.Tell = func(a Applied) {
		told = append(told, a.Action.Rule+" "+strings.Repeat("I", a.Nth)+" "+a.Request.Target)
	}
	if got := chosen(p, 5); got != "r55.." {
		t.Errorf("%s", got)
	}
	want := []int{5, 2, 3, 1, 0, 0}
	var got []int
	for _, c := range p.Counts() {
		got = append(got, c.Fit, c.Applied)
	}
	if !slices.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
	if got, want := strings.Join(told, "; "), "Container*: reset I /containers/web/start; ContainerStart: 500 I /containers/web/start; ContainerStart: 500 II /containers/web/start"; got != want {
		t.Errorf("told %s", got)
	}
}

// TestSeed: chance is the same with the same seed, and about as often as it should.
func TestSeed(t *testing.T) {
	draw := func(seed uint64) string {
		return chosen(NewPlan(seed, rules(t, "ContainerStart: 500 30%", "ContainerStart: reset 50%")...), 10_000)
	}
	first := draw(7)
	if draw(7) != first {
		t.Error("the same seed draws something else")
	}
	if draw(8) == first {
		t.Error("another seed draws the same")
	}
	if n := strings.Count(first, "5"); n < 2800 || n > 3200 {
		t.Errorf("30%% are %d of 10,000", n)
	}
	if n := strings.Count(first, "r"); n < 3300 || n > 3700 {
		t.Errorf("50%% of the rest are %d of 10,000", n)
	}
	if p := NewPlan(7, rules(t, "ContainerStart: 500")...); p.Chance() || p.Seed() != 7 {
		t.Error("nothing is left to chance")
	}
}

// TestConcurrent: a plan that is asked by many at once applies each rule as often as it says.
func TestConcurrent(t *testing.T) {
	p := NewPlan(1, rules(t, "ContainerStart: 500 skip 10 x100", "(method == \"POST\"): reset x50")...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { chosen(p, 100) })
	}
	all.Wait()
	c := p.Counts()
	if c[0].Applied != 100 || c[1].Applied != 50 || c[0].Fit != 800 || c[1].Fit != 700 {
		t.Errorf("%+v", c)
	}
}
