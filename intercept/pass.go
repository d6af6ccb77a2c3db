package intercept

import (
	"io"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// pass gives on what was read of d, to dst, which writes to its other end. It reports
// whether d goes on.
func (l *link) pass(d wire.Dir, dst io.Writer, data []byte) bool {
	if d == wire.ToClient && l.meddler != nil {
		return l.portion(data)
	}
	l.announce(wire.Chunk{Conn: l.conn, Time: time.Now(), Dir: d, Data: data})
	if err := l.refused(); err != nil {
		l.turnAway(err)
		return false
	}
	if l.meddler != nil {
		return l.steer(data, false)
	}
	_, err := dst.Write(data)
	l.show(d)
	if err != nil {
		l.outputFailed(d, err)
	}
	return err == nil
}
