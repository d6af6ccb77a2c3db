package http1

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Passes returns how many of the next bytes of a direction, whose window is empty, need
// not be seen: what is left of a body, or chunk, of which only the size is told, but not
// where another message may begin instead.
func (d *Decoder) Passes(dir wire.Dir) int64 {
	s := &d.sides[dir]
	if s.state != sized && s.state != chunkData || s.turn == s.w.Off() || !s.body().Passes() {
		return 0
	}
	return s.left
}

// Passed notes that n bytes of a direction went by at time t, no more than Passes returns.
func (d *Decoder) Passed(dir wire.Dir, t time.Time, n int64) {
	s := &d.sides[dir]
	s.left -= n
	if s.state == sized && d.mayHold(s) {
		s.inside.pass(n)
	}
	s.body().Passed(t, n)
}

// mayHold reports whether the body of s may have messages in it, if its length is wrong.
func (d *Decoder) mayHold(s *side) bool { return s.dir == wire.ToServer || d.pairs.pipelined }
