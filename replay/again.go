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

// again reports whether a step, which was done n times, is to be done again, and waits until it is
// time to.
func (p *play) again(ctx context.Context, s *Step, n int) bool {
	if s.Changes() || s.waits() || s.sent.Upgrade != nil || n > maxAgain || !s.unsettled {
		if n > 1 {
			s.note(fmt.Sprintf("was asked %d times: at first its answer was another", n))
		}
		return false
	}
	pause := againPause << (n - 1)
	if p.waiting.Add(int64(pause)) > int64(againTotal) || !within(ctx, pause, nil) {
		return false
	}
	s.Before = append(s.Before, [2]int{s.Conn, s.Exchange})
	return true
}
