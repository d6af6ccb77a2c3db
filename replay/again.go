package replay

import (
	"context"
	"fmt"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// A daemon does some of what it was asked for later: when the stream of a process has ended, it
// may not have noticed yet that the process has. So what only reads is asked again if the answer
// is not what it was, as a test would that waits for something to become true.
const (
	maxAgain   = 3                      // so often
	againPause = 100 * time.Millisecond // before the first time, and twice as long before each other
	againTotal = 10 * time.Second       // for all of a script
	// maxUnsettled is in how many places an answer differs that may come to be as it was.
	maxUnsettled = 4
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

// isUnsettled reports whether an answer is not what it was, but for little that may yet come.
func (l *ids) isUnsettled(s *Step, status int, answer []byte) bool {
	a, b := s.Recorded.Documents[wire.ToClient], documents(answer)
	if s.Recorded.Response == nil || s.Recorded.Response.Status != status || len(a) != len(b) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	mark := l.session.Mark()
	defer func() { l.session.Undo(mark) }()
	n := 0
	for i := range a {
		n += len(l.session.Answers(a[i], b[i]))
	}
	return 0 < n && n <= maxUnsettled
}
