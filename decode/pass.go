package decode

import "github.com/socktrace/socktrace/wire"

var _ wire.Passer = (*Conn)(nil)

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
