package redact

import (
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// conns are the states of connections; safe for concurrent use.
type conns struct {
	memory *memory.Budget
	all    sync.Map // *wire.Conn → *connState
	// last is the state of the last event's connection: the next event is
	// likely to be of the same.
	last atomic.Pointer[connState]
}

// state returns the state of conn, made if need be.
func (c *conns) state(conn *wire.Conn) *connState {
	if s := c.last.Load(); s != nil && s.conn == conn {
		return s
	}
	var s *connState
	if known, ok := c.all.Load(conn); ok {
		s = known.(*connState)
	} else {
		s = &connState{conn: conn, carrier: c.carrierOf(conn), account: memory.Of(c.memory)}
		c.all.Store(conn, s)
	}
	c.last.Store(s)
	return s
}

// carrierOf returns what conn travels in. If its client is not the client there,
// "to the server" means two things: what is hidden of one way is of both. What the
// messages of a call carry is a session of BuildKit's, or of an agent's.
func (c *conns) carrierOf(conn *wire.Conn) carrier {
	if conn == nil || conn.Parent.Conn == nil {
		return 0
	}
	p := conn.Parent
	if p.Exchange == 0 { // behind what a proxy says: it is hidden where the other is
		return c.carrierOf(p.Conn)
	}
	s, ok := c.all.Load(p.Conn)
	if !ok || conn.Via == "grpc" {
		return unknown
	}
	known := s.(*connState).carries(p.Exchange)
	if known != 0 && conn.Client.String() != p.Conn.Client.String() {
		return unknown
	}
	return known
}

// forget drops the state of conn.
func (c *conns) forget(conn *wire.Conn) {
	if s, ok := c.all.LoadAndDelete(conn); ok {
		s.(*connState).account.Close()
		c.last.CompareAndSwap(s.(*connState), nil)
	}
}
