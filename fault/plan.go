package fault

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/wire"
)

// Plan is the rules of a session, and what each of them has done. It may be used concurrently.
type Plan struct {
	// Tell is called for each request that a rule is applied to, before anything is done, by
	// several goroutines at once. May be nil; it must not change once the plan is used.
	Tell func(Applied)

	seed  uint64
	held  atomic.Int64 // bytes of heads that are not whole, of all connections
	mu    sync.Mutex
	rules []*tally
}

// Applied is a rule that is applied to a request.
type Applied struct {
	Rule    *Rule
	Action  *Action
	Request *wire.Request // valid during the call
	Nth     int           // of the requests that the rule is applied to, from 1
}

// Count is what a rule has done.
type Count struct {
	Rule    *Rule
	Fit     int // requests that it is about, and that no rule before it was applied to
	Applied int
}

// tally counts for a rule.
type tally struct {
	Count
	chance *rand.Rand
}

// NewPlan returns the plan of some rules. With the same seed, the same requests in the same
// order have the same become of them.
func NewPlan(seed uint64, rules ...*Rule) *Plan {
	p := &Plan{seed: seed}
	for i, r := range rules {
		p.rules = append(p.rules, &tally{Count{Rule: r}, rand.New(rand.NewPCG(seed, uint64(i)))})
	}
	return p
}

// Seed returns the seed.
func (p *Plan) Seed() uint64 { return p.seed }

// Chance reports whether a rule leaves it to chance whether it is applied, so that the seed
// matters.
func (p *Plan) Chance() bool {
	for _, t := range p.rules {
		if t.Rule.Share < 1 {
			return true
		}
	}
	return false
}

// Needs is what the rules look at in requests.
func (p *Plan) Needs() (n wire.Needs) {
	for _, t := range p.rules {
		n = n.Union(t.Rule.needs())
	}
	return n
}

// Counts returns what each rule has done so far.
func (p *Plan) Counts() (all []Count) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.rules {
		all = append(all, t.Count)
	}
	return all
}

// Choose returns what becomes of a request; nil: what the daemon makes of it. Each request is
// to be asked for once.
func (p *Plan) Choose(q *wire.Request) *Action {
	for _, t := range p.rules {
		if !t.Rule.fits(q) {
			continue
		}
		if nth := p.take(t); nth > 0 {
			if p.Tell != nil {
				p.Tell(Applied{Rule: t.Rule, Action: &t.Rule.Action, Request: q, Nth: nth})
			}
			return &t.Rule.Action
		}
	}
	return nil
}

// take counts a request that fits a rule. If that is due, it returns how often it was so far,
// with this; else 0.
func (p *Plan) take(t *tally) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.Fit++
	switch r := t.Rule; {
	case t.Fit <= r.Skip, r.Times > 0 && t.Applied >= r.Times:
		return 0
	case r.Share < 1 && t.chance.Float64() >= r.Share:
		return 0
	}
	t.Applied++
	return t.Applied
}
