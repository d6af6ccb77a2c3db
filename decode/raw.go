package decode

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// raw is the protocol of a connection that is not understood: everything is
// passed on as it comes.
type raw struct {
	d    *Conn
	told [2]bool // by direction: that it has ended
	// secret says that what the client sends may be a password: no more than its
	// size is told.
	secret bool
}

func (p *raw) Step(dir wire.Dir) bool {
	w := &p.d.windows[dir]
	switch {
	case w.Len() > 0:
		p.pass(w, dir)
	case w.Ended() && !p.told[dir]:
		p.told[dir] = true
		p.d.env.EOF(w, dir, 0)
	default:
		return false
	}
	return true
}

func (p *raw) pass(w *window.Window, dir wire.Dir) {
	if p.secret && dir == wire.ToServer {
		p.d.env.Unshown(w, dir, w.Len())
		return
	}
	p.d.env.Raw(w, dir, w.Len())
}

func (p *raw) Lost(dir wire.Dir, t time.Time, n int64) {
	w := &p.d.windows[dir]
	m := wire.Meta{Conn: p.d.conn, Dir: dir, Off: w.Next(), Start: t, End: t}
	p.d.tell(&wire.Anomaly{Meta: m, Code: anomaly.Lost, Lost: max(n, -1)})
	w.Skip(max(n, 0))
}

func (p *raw) Spent(wire.Dir) {} // nothing is held

func (p *raw) Silence(dir wire.Dir) { p.told[dir] = true }

func (p *raw) End() {}
