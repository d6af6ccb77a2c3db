package decode

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

var _ wire.Passer = (*Conn)(nil)

// passing is a protocol that knows of bytes which it need not see.
type passing interface {
	protocol
	// Passes returns how many of the next bytes of a direction it need not see; its
	// window is empty.
	Passes(dir wire.Dir) int64
	// Passed says that n bytes of a direction, no more than Passes returns, went by at
	// time t.
	Passed(dir wire.Dir, t time.Time, n int64)
}

// Passes returns how many of the next bytes of a direction need not be shown: those of
// a body of known length of which nothing is kept or looked at any more.
func (d *Conn) Passes(dir wire.Dir) int64 {
	w := &d.windows[dir]
	p, ok := d.proto.(passing)
	if !ok || d.broken || d.ahead != nil || w.Len() > 0 || w.Ended() {
		return 0
	}
	return p.Passes(dir)
}

// passed notes the bytes that went by without being shown.
func (d *Conn) passed(c wire.Chunk) {
	if p, ok := d.proto.(passing); ok {
		p.Passed(c.Dir, c.Time, int64(c.Passed))
		d.drive(c.Dir)
	}
}
