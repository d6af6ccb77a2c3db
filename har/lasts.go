package har

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// lasts is when the last of each process was told.
type lasts map[wire.Process]time.Time

// lastsOf returns those of the processes of connections.
func lastsOf(all []*link) lasts {
	t := make(lasts)
	for _, l := range all {
		if p := processOf(l); p != nil {
			t[*p] = later(t[*p], later(l.last, l.told))
		}
	}
	return t
}

// of returns when the connection of l is told to end at the earliest: programs keep connections, and
// most files do not say until when.
func (t lasts) of(l *link) time.Time {
	if p := processOf(l); p != nil && l.close == nil {
		return t[*p]
	}
	return time.Time{}
}

// processOf returns the process that has made a connection; nil if it is not known, or if
// the connection is within another, which it ends with.
func processOf(l *link) *wire.Process {
	if p := l.conn.Client.Process; p != nil && p.PID != 0 && l.conn.Parent.Conn == nil {
		return p
	}
	return nil
}
