package otlp

import (
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// counter is a tap of a connection that has a Meter know how much that carries, as it comes.
type counter struct {
	wire.Tap
	conn  *wire.Conn
	count func() [2]int64
	ended func(*counter)
	bytes [2]atomic.Int64
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

// Passes returns how many bytes need not be shown.
func (t *counter) Passes(d wire.Dir) int64 { return wire.Passes(t.Tap, d) }

// End passes the end on. A connection of which nothing was told, as a filter has it, counts
// too.
func (t *counter) End(at time.Time, err error) {
	t.Tap.End(at, err)
	t.ended(t)
}
