package intercept

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// worthPipe is how many bytes must be left that the tap need not see for the kernel to pass
// them on: fewer are copied before a pipe is made.
const worthPipe = 64 << 10

// passUnseen has the kernel pass on the bytes of d that come next and that the tap need not
// see, if they are worth it, as they come: what one read would return is written before
// more is read. b is free meanwhile. It reports whether d goes on, unless err says how its
// input ended, as Read would.
func (l *link) passUnseen(d wire.Dir, b *buffer) (goesOn bool, err error) {
	left := l.unseen(d)
	if left < worthPipe {
		return true, nil
	}
	p := l.pipes.open(l.ends[d], l.ends[d.Other()])
	if p == nil {
		return true, nil
	}
	defer p.close()
	b.free()
	for left > 0 {
		if err := p.fill(left); err != nil {
			return true, err
		}
		if p.held == 0 { // the kernel does not splice these
			return true, nil
		}
		left -= int64(p.held)
		if !l.noteUnseen(d, p.held) {
			return l.passPiped(d, p, b)
		}
		if err := l.refused(); err != nil {
			l.turnAway(err)
			return false, nil
		}
		if err := p.drain(b.bytes); err != nil {
			l.outputFailed(d, err)
			return false, nil
		}
	}
	return true, nil
}

// passPiped passes what is in p on as if it were read now, since the tap is to see it after all:
// the other side has said something meanwhile.
func (l *link) passPiped(d wire.Dir, p *pipe, b *buffer) (goesOn bool, err error) {
	for p.held > 0 {
		n, err := p.read(b.bytes)
		if err != nil {
			return true, err
		}
		if !l.pass(d, l.ends[d.Other()], b.bytes[:n]) {
			return false, nil
		}
	}
	return true, nil
}

// unseen returns how many of the next bytes of d the tap need not see.
func (l *link) unseen(d wire.Dir) int64 {
	if l.meddler != nil {
		return 0
	}
	l.tapping.Lock()
	defer l.unlock()
	return wire.Passes(l.tap, d)
}

// noteUnseen gives n bytes of d, which were read and not forwarded, their place in the order
// that the tap sees. It reports false if the tap must be shown them.
func (l *link) noteUnseen(d wire.Dir, n int) bool {
	l.tapping.Lock()
	defer l.unlock()
	l.showWaiting(d.Other())
	if l.tap != nil && wire.Passes(l.tap, d) < int64(n) {
		return false
	}
	l.tell(wire.Chunk{Conn: l.conn, Time: l.clock.at(time.Now()), Dir: d, Passed: n})
	return true
}
