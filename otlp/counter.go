package otlp

import (
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// counter is a tap of a connection that has a Meter know how much that carries, as it comes.
type counter struct {
	wire.Tap
	meter *Meter
	conn  *wire.Conn
	count func() [2]int64
	bytes [2]atomic.Int64
}

// Tap returns a tap in front of next, which may be next itself: after each of its calls, count
// says how many bytes the connection has carried, by direction. Where there is none, they count
// when the connection closes.
func (m *Meter) Tap(c *wire.Conn, next wire.Tap, count func() [2]int64) wire.Tap {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Parent.Conn != nil || len(m.live) >= maxOpenConns {
		return next
	}
	t := &counter{Tap: next, meter: m, conn: c, count: count}
	m.live[c] = t
	return t
}

// TLS passes on what was agreed on.
func (t *counter) TLS(ev *wire.TLS) {
	if next, ok := t.Tap.(wire.TLSTap); ok {
		next.TLS(ev)
	}
}

// Chunk passes bytes on, and counts them: never fewer than before, as they would be where TLS
// turns out to be decrypted.
func (t *counter) Chunk(c wire.Chunk) {
	t.Tap.Chunk(c)
	for dir, n := range t.count() {
		if n > t.bytes[dir].Load() {
			t.bytes[dir].Store(n)
		}
	}
}

// End passes the end on. A connection of which nothing was told, as a filter has it, counts
// too.
func (t *counter) End(at time.Time, err error) {
	t.Tap.End(at, err)
	t.meter.ended(t)
}
