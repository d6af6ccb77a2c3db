package otlp

import "github.com/socktrace/socktrace/wire"

// Bounds of what is known at once, over which spans are made with what their last event
// tells alone.
const (
	maxConns   = 1 << 14
	maxOpen    = 1 << 16 // exchanges
	maxCarried = 256     // contexts of ended exchanges of one connection that carry others
)

// places are what is known of connections and open exchanges.
type places struct {
	ids      *ids
	commands commands
	conns    map[*wire.Conn]*conn
	spans    int     // that are open
	held     int     // bytes of their events
	free     []*span // to be used again
}

func newPlaces(over func(*command)) *places {
	r := newIDs()
	return &places{ids: r, commands: commands{ids: r, all: make(map[commandKey]*command), over: over}, conns: make(map[*wire.Conn]*conn)}
}

// conn returns what is known of a connection; what there is no room for is forgotten again.
func (s *places) conn(w *wire.Conn) *conn {
	if c := s.conns[w]; c != nil {
		return c
	}
	c := &conn{wire: w, open: make(map[int]*span)}
	c.ends = appendEnds(nil, w)
	if len(s.conns) < maxConns {
		s.conns[w] = c
		c.kept = true
	}
	return c
}

// forget lets go of a connection, and of what is open in it.
func (s *places) forget(c *conn) {
	for n, sp := range c.open {
		s.release(c, n, sp)
	}
	s.commands.leave(c)
	delete(s.conns, c.wire)
}

// open returns the span of an exchange that has not ended; nil if there is no room.
func (s *places) open(c *conn, n int) *span {
	if sp := c.open[n]; sp != nil {
		return sp
	}
	if s.spans >= maxOpen || !c.kept {
		return nil
	}
	sp := s.unused()
	s.ids.take(sp.span[:])
	c.open[n] = sp
	s.spans++
	return sp
}

// release forgets an exchange, which has ended.
func (s *places) release(c *conn, n int, sp *span) {
	if c.open[n] != sp {
		return
	}
	delete(c.open, n)
	s.spans--
	s.held -= len(sp.stream.events)
	if cmd := sp.command; cmd != nil {
		cmd.open--
	}
	if sp.carries && len(c.ended) < maxCarried {
		if c.ended == nil {
			c.ended = make(map[int]spanContext)
		}
		c.ended[n] = sp.spanContext
	}
	s.reuse(sp)
}

// maxFree is how many spans are kept to be used again.
const maxFree = 64

// unused returns an empty span.
func (s *places) unused() *span {
	n := len(s.free) - 1
	if n < 0 {
		return new(span)
	}
	sp := s.free[n]
	s.free = s.free[:n]
	return sp
}

// reuse takes back a span that nobody has any more.
func (s *places) reuse(sp *span) {
	if len(s.free) < maxFree {
		*sp = span{}
		s.free = append(s.free, sp)
	}
}

// place decides which trace an exchange is of, and what it is a child of: what carries its
// connection; else the span of the client that its request names; else the command. A span
// that is named in what another exchange carries is of the same trace, or a link.
func (s *places) place(c *conn, sp *span, q *wire.Request) {
	if sp.placed {
		return
	}
	sp.placed = true
	var named spanContext
	var isNamed bool
	if q != nil {
		named, isNamed = carried(q.Fields)
	}
	w := travelsIn(c.wire)
	if carrier, ok := s.carrier(w); ok {
		sp.trace, sp.parent, sp.flags, sp.state = carrier.trace, carrier.span, carrier.flags, carrier.state
		switch {
		case isNamed && named.trace == carrier.trace:
			sp.parent, sp.flags, sp.state, sp.remote = named.span, named.flags, named.state, true
		case isNamed:
			sp.link = named
		}
		return
	}
	if isNamed {
		sp.trace, sp.parent, sp.flags, sp.state, sp.remote = named.trace, named.span, named.flags, named.state, true
		return
	}
	var now = c.wire.Start
	if q != nil {
		now = q.Start
	}
	cmd := s.commands.of(s.conn(w), now)
	sp.trace, sp.parent, sp.flags, sp.command = cmd.root.trace, cmd.root.span, cmd.root.flags, cmd
	cmd.open++
	if cmd.begun.IsZero() || now.Before(cmd.begun) {
		cmd.begun = now
	}
	if cmd.agent == "" && q != nil {
		cmd.agent = clone(wire.FieldValue(q.Fields, "User-Agent"))
	}
}

// travelsIn returns the connection that c is all of, behind what a proxy says, or c.
func travelsIn(c *wire.Conn) *wire.Conn {
	for c != nil && c.Parent.Conn != nil && c.Parent.Exchange == 0 {
		c = c.Parent.Conn
	}
	return c
}

// carrier returns the context of the exchange that carries a connection; false if none does.
func (s *places) carrier(w *wire.Conn) (spanContext, bool) {
	if w == nil || w.Parent.Conn == nil {
		return spanContext{}, false
	}
	c := s.conn(w.Parent.Conn)
	if ctx, ok := c.ended[w.Parent.Exchange]; ok {
		return ctx, true
	}
	sp := s.open(c, w.Parent.Exchange)
	if sp == nil {
		return spanContext{}, false
	}
	sp.carries = true
	s.place(c, sp, nil) // its request has come, or never will
	return sp.spanContext, true
}
