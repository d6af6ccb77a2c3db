package replay

import (
	"context"
	"net"
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

// play is a script that is being played.
type play struct {
	Player
	order   *order
	ids     *ids
	waiting atomic.Int64 // how long was waited to ask again, all together, in nanoseconds
	held    atomic.Int64 // bytes that are kept of answers
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
