package replay

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// How long is waited.
const (
	// Patience is how long an answer may take, and its end, if nothing else is said; what took
	// long in the recording may take some times as long.
	Patience = 30 * time.Second
	// Pause is how long most clients wait for a daemon to do something by itself.
	Pause       = 5 * time.Second
	timesAsLong = 10
	// waitsPatience is how long the head of an answer may take that lasts until something
	// happens: some daemons send it only then, and what is to happen may be yet to be asked for.
	waitsPatience = time.Second
	// leavePatience is how long a client that left waits for what had come until then.
	leavePatience = 2 * time.Second
	// inputPatience is how long input waits for what had come before it.
	inputPatience = 2 * time.Second
)

// A Player sends scripts to a daemon.
type Player struct {
	// Dial connects to the daemon, and returns by which number the connection is known. It is
	// called by several goroutines at once.
	Dial func(context.Context) (conn net.Conn, number int, err error)
	// Base is the path that the daemon has before all others; most have none.
	Base string
	// Patience is how long an answer may take; 0: as long as the constant says.
	Patience time.Duration
	// Pause is how long is waited at most where nothing happened in the recording: what a
	// daemon does by itself meanwhile, later answers may tell.
	Pause time.Duration
}

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

// play is a script that is being played.
type play struct {
	Player
	order   *order
	ids     *ids
	waiting atomic.Int64 // how long was waited to ask again, all together, in nanoseconds
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
				s.Why, s.failed = err.Error(), true
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

// patience is how long a step may take to reach a mark when all before that were reached.
func (p *play) patience(s *Step, what int) time.Duration {
	x := s.Recorded
	if what == markAnswered {
		if s.waits() {
			return min(p.Patience, waitsPatience)
		}
		return max(p.Patience, timesAsLong*x.FirstByte.Sub(x.Start))
	}
	return max(p.Patience, timesAsLong*x.End.Sub(x.Start))
}
