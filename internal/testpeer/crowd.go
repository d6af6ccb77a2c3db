package testpeer

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Crowd is clients that do something again and again, all at once.
type Crowd struct {
	Gaps
	t     testing.TB
	stop  chan struct{}
	all   sync.WaitGroup
	done  atomic.Int64 // what went well
	fails chan error
}

// NewCrowd starts so many clients, which pause between what they do. What do returns is
// what a client does each time. The test fails if that fails but in a gap.
func NewCrowd(t testing.TB, clients int, pause time.Duration, do func(client int) func() error) *Crowd {
	c := &Crowd{t: t, stop: make(chan struct{}), fails: make(chan error, 100)}
	for n := range clients {
		once := do(n)
		c.all.Go(func() {
			for {
				select {
				case <-c.stop:
					return
				case <-time.After(pause):
				}
				excused := c.Watch()
				if err := once(); err == nil {
					c.done.Add(1)
				} else if !excused() {
					select {
					case c.fails <- err:
					default: // there are enough
					}
				}
			}
		})
	}
	t.Cleanup(c.End)
	return c
}

// More waits until some more has gone well.
func (c *Crowd) More() {
	c.t.Helper()
	const some, patience = 200, time.Minute
	for want, end := c.done.Load()+some, time.Now().Add(patience); c.done.Load() < want; time.Sleep(time.Millisecond) {
		select {
		case err := <-c.fails:
			c.t.Errorf("a client: %v", err)
		default:
		}
		if time.Now().After(end) {
			c.t.Fatal("no client gets through")
		}
	}
}

// End ends the clients.
func (c *Crowd) End() {
	select {
	case <-c.stop:
		return
	default:
	}
	close(c.stop)
	c.all.Wait()
	close(c.fails)
	for err := range c.fails {
		c.t.Errorf("a client: %v", err)
	}
}

// Gaps are times in which what clients do may fail.
type Gaps struct {
	turns atomic.Int64 // odd: it is one
}

// Gap begins one, or ends it.
func (g *Gaps) Gap() { g.turns.Add(1) }

// Count is how many there have been.
func (g *Gaps) Count() int64 { return (g.turns.Load() + 1) / 2 }

// Watch returns what reports whether there has been a gap since.
func (g *Gaps) Watch() func() bool {
	before := g.turns.Load()
	return func() bool { return before%2 != 0 || g.turns.Load() != before }
}
