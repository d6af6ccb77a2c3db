package audit

import (
	"slices"
	"sync/atomic"

	"github.com/socktrace/socktrace/risk"
	"github.com/socktrace/socktrace/wire"
)

// thing is a container or an exec instance that was seen made, and may be started later. It
// is never changed once it is remembered.
type thing struct {
	at, id, name string      // at is the address of its daemon
	exec         bool        // it is an exec instance
	container    string      // of an exec instance
	params       []param     // of an exec instance
	risks        []risk.Risk // one of each mark
	maker        maker
	heard        *atomic.Bool // the line of its making has told its marks
}

// maker is who has made a thing.
type maker struct {
	pid, uid int // pid is 0 if it is not known
	conn     int // the number of the outermost connection
}

// makerOf returns who asks in a connection.
func makerOf(c *wire.Conn) maker {
	c = c.Outermost()
	m := maker{conn: c.ID}
	if p := c.Client.Process; p != nil {
		m.pid, m.uid = p.PID, p.UID
	}
	return m
}

// is reports whether two are one process, or at least one connection.
func (m maker) is(other maker) bool {
	return m.conn == other.conn || m.pid > 0 && m.pid == other.pid && m.uid == other.uid
}

// has reports whether a thing has a mark.
func (t *thing) has(mark string) bool {
	return slices.ContainsFunc(t.risks, func(r risk.Risk) bool { return r.Mark == mark })
}

// size returns how much memory it holds, roughly, in bytes.
func (t *thing) size() int {
	n := 256 + len(t.at) + len(t.id) + len(t.name) + len(t.container) + sizeOf(t.params)
	for _, r := range t.risks {
		n += 32 + len(r.Why)
	}
	return n
}
