package serve

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Speed is how fast time goes by in answers: 1 as it was recorded, 2 twice as fast. Max has
// all come at once, as soon as what it waited for has been asked for.
type Speed float64

// Max is the highest speed.
var Max = Speed(math.Inf(1))

// The speeds that ParseSpeed takes.
const (
	minSpeed = 0.001
	maxSpeed = 1_000_000
)

// ParseSpeed reads a speed: a number, such as 2 or 0.5, or "max".
func ParseSpeed(s string) (Speed, error) {
	if s == "max" {
		return Max, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= minSpeed && v <= maxSpeed) {
		return 0, fmt.Errorf("not a number from %v to %d, nor max", minSpeed, maxSpeed)
	}
	return Speed(v), nil
}

// String returns the speed as ParseSpeed reads it.
func (s Speed) String() string {
	if s == Max {
		return "max"
	}
	return strconv.FormatFloat(float64(s), 'g', -1, 64)
}

// of returns how long d lasts.
func (s Speed) of(d time.Duration) time.Duration {
	if d <= 0 || s == Max {
		return 0
	}
	return time.Duration(min(float64(d)/float64(s), math.MaxInt64/2))
}

// waitError is why a part of an answer did not come: what it waited for did not.
type waitError struct {
	cause *exchange
	err   error
}

func (e *waitError) Error() string { return "waiting for " + e.cause.name() + ": " + e.err.Error() }

func (e *waitError) Unwrap() error { return e.err }

// pace says when the parts of the answer of one exchange come: as long after the latest
// request that they waited for as in the recording. It is for one goroutine.
type pace struct {
	state  *state
	speed  Speed
	causes []int // that come behind the exchange and may concern it
	e      *exchange
	last   time.Duration // when the latest request that was waited for was made, in the script
	made   time.Time     // and here
}

// newPace returns the pace of e, which was asked for at made.
func newPace(s *state, speed Speed, e *exchange, made time.Time) *pace {
	p := &pace{state: s, speed: speed, e: e, last: e.asked, made: made}
	if e.lasts {
		p.causes = s.script.causesOf(e, e.number)
	}
	return p
}

// until waits until what came at a time of the script is to come here: an error if ctx
// ends before.
func (p *pace) until(ctx context.Context, at time.Duration) error {
	for len(p.causes) > 0 {
		c := p.state.script.exchanges[p.causes[0]-1]
		if c.asked >= at {
			break
		}
		if c.concerns(p.e) {
			made, err := p.state.await(ctx, c)
			if err != nil {
				return &waitError{c, err}
			}
			p.last, p.made = c.asked, made
		}
		p.causes = p.causes[1:]
	}
	return sleep(ctx, p.speed.of(at-p.last)-p.state.now().Sub(p.made))
}

// resume has times count from now, which is at in the script: what was waited for is not any more.
func (p *pace) resume(at time.Duration) {
	p.causes, p.last, p.made = nil, at, p.state.now()
}

// await waits until c is asked for, and returns when that was.
func (s *state) await(ctx context.Context, c *exchange) (time.Time, error) {
	p := &s.plays[c.number-1]
	select {
	case <-p.made:
		return p.at, nil
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// sleep waits for d: an error if ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
