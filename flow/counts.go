package flow

import (
	"sync/atomic"

	"github.com/socktrace/socktrace/wire"
)

// Counts are what was seen, whatever was shown of it. Connections inside of others
// and their bytes are not counted apart.
type Counts struct {
	Connections int64
	Exchanges   int64
	Unfinished  int64 // of the exchanges: open, partial, or aborted by another than the client
	Shown       int64 // of the exchanges: those that Options.Filter shows; 0 without one
	Anomalies   int64
	Bytes       [2]int64 // carried, by direction
}

// counter counts. Its methods may be called concurrently.
type counter struct {
	connections atomic.Int64
	exchanges   atomic.Int64
	unfinished  atomic.Int64
	shown       atomic.Int64
	anomalies   atomic.Int64
	bytes       [2]atomic.Int64
}

// opened counts a connection.
func (c *counter) opened(ev *wire.Open) {
	if !nested(ev.Conn) {
		c.connections.Add(1)
	}
}

// closed counts what a connection has carried.
func (c *counter) closed(ev *wire.Close) {
	if !nested(ev.Conn) {
		c.bytes[wire.ToServer].Add(ev.Bytes[wire.ToServer])
		c.bytes[wire.ToClient].Add(ev.Bytes[wire.ToClient])
	}
}

func nested(c *wire.Conn) bool { return c != nil && c.Parent.Conn != nil }

// ended counts an exchange. One that the client has left is not unfinished: that is
// how streams end.
func (c *counter) ended(s wire.State, left bool) {
	c.exchanges.Add(1)
	if s != wire.StateDone && !left {
		c.unfinished.Add(1)
	}
}

// counts returns what was counted so far.
func (c *counter) counts() Counts {
	return Counts{
		Connections: c.connections.Load(),
		Exchanges:   c.exchanges.Load(),
		Unfinished:  c.unfinished.Load(),
		Shown:       c.shown.Load(),
		Anomalies:   c.anomalies.Load(),
		Bytes:       [2]int64{c.bytes[wire.ToServer].Load(), c.bytes[wire.ToClient].Load()},
	}
}
