package replay

import (
	"context"
	"fmt"
	"time"
)

// A daemon does some of what it was asked for later: when the stream of a process has ended, it
// may not have noticed yet that the process has. So what only reads is asked again if the answer
// is not what it was, as a test would that waits for something to become true.
const (
	maxAgain   = 3                      // so often
	againPause = 100 * time.Millisecond // before the first time, and twice as long before each other
	againTotal = 10 * time.Second       // for all of a script
)

// mayRepeat reports whether a step may be done again as often as one likes, and is soon over.
func (s *Step) mayRepeat() bool { return !s.Changes() && !s.waits() && s.sent.Upgrade == nil }

// again reports whether a step, which was done n times, is to be done again, and waits until it is
// time to.
func (p *play) again(ctx context.Context, s *Step, n int) bool {
	pause := againPause << (n - 1)
	if s.unsettled && n <= maxAgain && p.waiting.Add(int64(pause)) <= int64(againTotal) && within(ctx, pause, nil) {
		s.Before = append(s.Before, s.Became)
		return true
	}
	switch {
	case n > 1 && s.unsettled:
		s.note(fmt.Sprintf("was asked %d times: its answer stays another", n))
	case n > 1:
		s.note(fmt.Sprintf("was asked %d times: at first its answer was another", n))
	}
	return false
}
