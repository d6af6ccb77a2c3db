package intercept

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// seeker finds the processes of clients that come over TCP from this machine. The kernel
// tells only the number of their socket: whose that is, is looked for among all open
// files. This is bounded for each connection, and for all together: of a throng not all
// are named. Its methods may be called concurrently.
type seeker struct {
	waiting atomic.Int32

	mu     sync.Mutex
	recent []int         // processes that were found, the last one first
	spent  time.Duration // not yet paid off
	paid   time.Time     // when that was reckoned
}

const (
	// maxWaiting is how many connections wait while one looks.
	maxWaiting = 8
	// maxRecent is how many processes are looked at before all others.
	maxRecent = 8
	// maxSpent is how long looks may take in a row; seekShare what part of the time they
	// may take in the long run: one in so many.
	maxSpent  = 250 * time.Millisecond
	seekShare = 20
)

// seek begins to look for who is at the other end of c, and returns what waits for that.
// It returns nil if that is not known: it is not on this machine, not to be seen by this
// user, or there were too many to look for.
func (s *seeker) seek(c net.Conn) func() *wire.Process {
	local, ok := c.LocalAddr().(*net.TCPAddr)
	remote, is := c.RemoteAddr().(*net.TCPAddr)
	if !ok || !is || !(remote.IP.IsLoopback() || remote.IP.Equal(local.IP)) || !canSeek {
		return func() *wire.Process { return nil }
	}
	if s.waiting.Add(1) > maxWaiting {
		s.waiting.Add(-1)
		return func() *wire.Process { return nil }
	}
	found := make(chan *wire.Process, 1)
	go func() {
		p := s.look(remote, local)
		s.waiting.Add(-1)
		found <- p
	}()
	return func() *wire.Process { return <-found }
}

// look looks for the process of the socket that is connected from here to there.
func (s *seeker) look(here, there *net.TCPAddr) *wire.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	began := time.Now()
	if !s.affords(began) {
		return nil
	}
	p := ownerOf(here, there, s.recent)
	s.spent += time.Since(began)
	if p != nil {
		s.found(p.PID)
	}
	return p
}

// affords reports whether there is time left to look, and reckons.
func (s *seeker) affords(now time.Time) bool {
	s.spent = max(s.spent-now.Sub(s.paid)/seekShare, 0)
	s.paid = now
	return s.spent <= maxSpent
}

// found notes a process.
func (s *seeker) found(pid int) {
	recent := append(make([]int, 0, maxRecent+1), pid)
	for _, other := range s.recent {
		if other != pid && len(recent) < maxRecent {
			recent = append(recent, other)
		}
	}
	s.recent = recent
}
