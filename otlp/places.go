package otlp

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is known at once, over which spans are made with what their last event
// tells alone.
const (
	maxConns   = 1 << 14
	maxOpen    = 1 << 16 // exchanges
	maxCarried = 256     // contexts of ended exchanges of one connection that carry others
)

// places are what is known of connections and open exchanges.
type places struct {
	join     Join
	hidden   func(*conn, *span) // is called for each that never was told, and of which what is inside was
	ids      *ids
	commands commands
	conns    map[*wire.Conn]*conn
	spans    int     // that are open
	held     int     // bytes of their events
	free     []*span // to be used again
	audit    *Audit  // is told which spans exchanges have; nil: nobody is
}

func newPlaces(join Join, over func(*command), hidden func(*conn, *span)) *places {
	r := newIDs()
	return &places{join: join, hidden: hidden, ids: r, commands: commands{ids: r, all: make(map[commandKey]*command), over: over}, conns: make(map[*wire.Conn]*conn)}
}

// conn returns what is known of a connection; what there is no room for is forgotten again.
func (s *places) conn(w *wire.Conn) *conn {
	if c := s.conns[w]; c != nil {
		return c
	}
	c := &conn{wire: w}
	c.ends, c.peer = appendEnds(nil, w), appendPeer(nil, w)
	if len(s.conns) < maxConns {
		s.conns[w] = c
		c.kept = true
	}
	return c
}

// forget lets go of a connection, and of what is open in it: that was not told, as a filter
// has it.
func (s *places) forget(c *conn) {
	for sp := range c.open.all() {
		if sp.inside {
			s.hides(c, sp)
		}
		s.release(c, sp)
	}
	s.commands.leave(c)
	delete(s.conns, c.wire)
}

// open returns the span of an exchange that has not ended; nil if there is no room.
func (s *places) open(c *conn, n int) *span {
	if sp := c.open.of(n); sp != nil {
		return sp
	}
	if s.spans >= maxOpen || !c.kept {
		return nil
	}
	sp := s.unplaced(n)
	c.open.add(sp)
	s.spans++
	return sp
}

// unplaced returns a span that has no trace yet.
func (s *places) unplaced(n int) *span {
	sp := s.unused()
	sp.number = n
	s.ids.take(sp.span[:])
	return sp
}

// hides has a span that was not told be there for those that are.
func (s *places) hides(c *conn, sp *span) {
	if cmd := sp.command; cmd != nil {
		cmd.spans++
		cmd.ends(sp.last)
	}
	s.hidden(c, sp)
	s.within(c, sp.begun, sp.last)
}

// within notes that something was told of a connection that is carried.
func (s *places) within(c *conn, begin, end time.Time) {
	w := travelsIn(c.wire)
	if w == nil || w.Parent.Conn == nil {
		return
	}
	if up := s.conns[w.Parent.Conn]; up != nil {
		if sp := up.open.of(w.Parent.Exchange); sp != nil {
			sp.holds(begin, end)
		}
	}
}

// release forgets an exchange, which has ended.
func (s *places) release(c *conn, sp *span) {
	if s.audit != nil {
		s.audit.over(auditKey{c.wire.ID, sp.number})
	}
	if c.open.of(sp.number) != sp {
		return
	}
	c.open.remove(sp)
	s.spans--
	s.held -= len(sp.stream.events)
	if cmd := sp.command; cmd != nil {
		cmd.open--
	}
	if sp.carries && len(c.ended) < maxCarried {
		if c.ended == nil {
			c.ended = make(map[int]spanContext)
		}
		c.ended[sp.number] = sp.spanContext
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

// place decides which trace an exchange is of, and what it is a child of: the span of the
// client that its request names, if such are joined; else what carries its connection; else
// the command. What could have been the parent too is a link.
func (s *places) place(c *conn, sp *span, q *wire.Request) {
	if sp.placed {
		return
	}
	sp.placed = true
	s.decide(c, sp, q)
	if s.audit != nil {
		s.audit.placed(auditKey{c.wire.ID, sp.number}, sp.spanContext)
	}
}

// decide is place for what was not placed.
func (s *places) decide(c *conn, sp *span, q *wire.Request) {
	var named spanContext
	if q != nil {
		named, _ = carried(q.Fields)
	}
	w := travelsIn(c.wire)
	carrier, isCarried := s.carrier(w)
	if named.valid() && s.join.joins(w, q) {
		sp.spanContext, sp.parent, sp.remote = named.child(sp.span), named.span, true
		if isCarried {
			sp.link = carrier
		}
		return
	}
	sp.link, sp.named = named, named.valid()
	if isCarried {
		sp.spanContext, sp.parent = carrier.child(sp.span), carrier.span
		return
	}
	var now = c.wire.Start
	if q != nil {
		now = q.Start
	}
	cmd := s.commands.of(s.conn(w), now)
	sp.spanContext, sp.parent, sp.command = cmd.root.child(sp.span), cmd.root.span, cmd
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
