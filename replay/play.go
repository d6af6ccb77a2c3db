package replay

import (
	"context"
	"sync"
)

// Play sends the steps of a script that have no reason against it, and notes in each what became
// of it. It returns when all have ended, or were given up; when ctx ends, with its error. The
// error of a connection that could not be made is in each step that wanted one: it is not sent.
func (p *Player) Play(ctx context.Context, s *Script) error {
	var steps []*Step
	for _, step := range s.Steps {
		if step.Why == "" {
			steps = append(steps, step)
		}
	}
	play := &play{Player: *p, order: newOrder(steps), ids: newIDs()}
	if play.Patience <= 0 {
		play.Patience = Patience
	}
	var all sync.WaitGroup
	for _, steps := range s.lanes() {
		all.Add(1)
		go func() {
			defer all.Done()
			play.lane(ctx, steps)
		}()
	}
	all.Wait()
	return ctx.Err()
}

// lane sends what one connection of the recording had, each when it is its turn. Where the
// daemon ends the connection before, there is another.
func (p *play) lane(ctx context.Context, steps []*Step) {
	var c *connection
	defer func() { c.close() }()
	for _, s := range steps {
		if !p.order.wait(ctx, s, markSent) || !within(ctx, min(p.order.pause(s), p.Pause), nil) {
			s.Why, s.failed = "interrupted", true
			continue
		}
		if c == nil {
			var err error
			if c, err = p.connect(ctx); err != nil {
				if s.Why, s.failed = err.Error(), true; ctx.Err() != nil {
					s.Why = "interrupted"
				}
				p.skip(s)
				continue
			}
		}
		good := p.exchange(ctx, c, s)
		for n := 1; good && p.again(ctx, s, n); n++ {
			good = p.exchange(ctx, c, s)
		}
		if !good {
			c.close()
			c = nil
		}
		p.skip(s)
	}
}

// skip reaches all marks of a step: nobody is to wait for it any more.
func (p *play) skip(s *Step) {
	for what := range marks {
		p.order.reach(s, what)
	}
}
