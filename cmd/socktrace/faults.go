package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/fault"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// faultOptions are what the flags say of faults on purpose.
type faultOptions struct {
	rules []string
	seed  uint32
	given func(flag string) bool
	made  []*fault.Rule
}

// faultFlags adds the flags of faults on purpose.
func (o *options) faultFlags(cmd *cobra.Command) {
	f, fo := cmd.Flags(), &o.faults
	f.StringArrayVar(&fo.rules, "fault", nil, `make some requests fail on purpose, as `+"`RULE`"+` says, such as 'ContainerStart: 500 "no space left" x2'; see socktrace help faults`)
	f.Uint32Var(&fo.seed, "fault-seed", 0, "draw as a session with the seed `N` did, for rules with a share such as 30%")
	fo.given = f.Changed
	complete(cmd, "fault-seed")
	_ = cmd.RegisterFlagCompletionFunc("fault", func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return operationsLike(begun), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// checkFaults reads the rules.
func (o *options) checkFaults() error {
	fo := &o.faults
	for _, text := range fo.rules {
		r, err := fault.Parse(text)
		if err != nil {
			return fmt.Errorf("--fault: %w", err)
		}
		fo.made = append(fo.made, r)
	}
	if fo.given != nil && fo.given("fault-seed") && len(fo.made) == 0 {
		return errors.New("--fault-seed needs --fault RULE")
	}
	return nil
}

// faults is the plan of a session, and its connections whose taps have not been asked for.
type faults struct {
	plan  *fault.Plan
	conns sync.Map // *fault.Conn by *wire.Conn
}

// plan returns what has the rules applied, and tells of each time; nil if there are none.
func (fo *faultOptions) plan(warn func(error)) *faults {
	if len(fo.made) == 0 {
		return nil
	}
	seed := fo.seed
	if !fo.given("fault-seed") {
		seed = rand.Uint32()
	}
	p := fault.NewPlan(uint64(seed), fo.made...)
	p.Tell = func(a fault.Applied) {
		q := a.Request
		warn(fmt.Errorf("fault on purpose: %s: exchange %d.%d, %d so far", a.Action.Rule, q.Conn.ID, q.Exchange, a.Nth))
	}
	return &faults{plan: p}
}

// announce says what is going to be done.
func (f *faults) announce(warn func(error)) {
	for _, c := range f.plan.Counts() {
		warn(fmt.Errorf("faults on purpose: %s", c.Rule.Text))
	}
	if f.plan.Chance() {
		warn(fmt.Errorf("faults on purpose: --fault-seed %d draws the same again", f.plan.Seed()))
	}
}

// meddler returns what changes a connection on purpose; nil if that is one of our own.
func (t *trace) meddler(c *wire.Conn) intercept.Meddler {
	if t.recorders.ours(c) {
		return nil
	}
	m := t.faults.plan.Of(c)
	t.faults.conns.Store(c, m)
	return m
}

// seeing returns what has the plan see the events of a connection before emit does; emit itself,
// if there is no plan. Whoever looks at the trace is told of each fault.
func (f *faults) seeing(c *wire.Conn, emit func(wire.Event)) func(wire.Event) {
	if f == nil {
		return emit
	}
	m, is := f.conns.LoadAndDelete(c)
	if !is {
		return emit
	}
	return func(ev wire.Event) {
		a := m.(*fault.Conn).Event(ev)
		if a == nil {
			emit(ev)
			return
		}
		meta := *ev.EventMeta() // emit may use the memory of ev again
		emit(ev)
		emit(&wire.Anomaly{Meta: meta, Code: wire.FaultOnPurpose, Detail: a.Rule})
	}
}

// sumUp says how often each rule was applied.
func (f *faults) sumUp(w io.Writer) {
	for _, c := range f.plan.Counts() {
		said := fmt.Sprintf("applied to %d of %s", c.Applied, plural.Of(int64(c.Fit), "request"))
		if c.Fit == 0 {
			said = "never applied: there was no such request, or a rule before it took each"
		} else if c.Applied == 0 {
			said = "never applied, although " + plural.Of(int64(c.Fit), "request") + " would fit"
		}
		complain(w, fmt.Errorf("faults on purpose: %s: %s", c.Rule.Text, said))
	}
}
