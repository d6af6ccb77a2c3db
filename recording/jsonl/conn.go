package jsonl

import (
	"maps"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

const (
	// maxConns bounds the connections that are open at once. Beyond it all of
	// them end: nobody has closed them, and nobody will.
	maxConns = 1 << 16
	// maxOpen bounds the exchanges of a connection of which something is
	// remembered.
	maxOpen = 4096
)

// conn is a connection that the lines tell of.
type conn struct {
	wire  *wire.Conn
	bytes [2]int64 // carried, as far as known
	last  time.Time
	open  map[int]*exchange
	begun set // exchanges
}

// exchange is what was told of an exchange that has not ended.
type exchange struct {
	request   *wire.Request
	response  *wire.Response
	interim   int
	bodies    [2]*wire.Body
	document  [2][]byte // of a body, if that is one without white space
	upgrade   *wire.Upgrade
	anomalies int
}

// conns are the connections of a file. It may have several traces, each of which
// counts its connections from 1: those of the later ones get other numbers.
type conns struct {
	emit  func(wire.Event)
	open  map[int]*conn // by the number in the lines
	known set           // numbers of this trace
	base  int           // highest number of the traces before
	last  int           // highest number
}

// begin makes connection n, which begins at a time. What has begun before is one
// of another trace.
func (s *conns) begin(n int, at time.Time) *conn {
	if s.known.has(n) || len(s.open) >= maxConns {
		s.end()
		s.known, s.base = set{}, s.last
	}
	s.known.add(n)
	c := &conn{wire: &wire.Conn{ID: s.base + n, Start: at, Recalled: true}, last: at}
	s.last = max(s.last, c.wire.ID)
	s.open[n] = c
	return c
}

// tell sends ev, which is one of c.
func (s *conns) tell(c *conn, ev wire.Event) {
	m := ev.EventMeta()
	size := int64(0)
	switch ev := ev.(type) {
	case *wire.Request:
		size = ev.HeadBytes
	case *wire.Response:
		size = ev.HeadBytes
	case *wire.Body:
		size = ev.WireBytes
	case *wire.Message:
		size = ev.Size
	}
	c.bytes[m.Dir&1] = max(c.bytes[m.Dir&1], m.Off+size)
	if m.End.After(c.last) {
		c.last = m.End
	}
	s.emit(ev)
}

// opened tells that c has begun.
func (s *conns) opened(c *conn) {
	s.emit(&wire.Open{Meta: wire.Meta{Conn: c.wire, Start: c.wire.Start, End: c.wire.Start}})
}

// exchange returns what is known of exchange n of c, which may begin with it;
// nil if it has ended, or nothing is remembered.
func (c *conn) exchange(n int) *exchange {
	if x := c.open[n]; x != nil || n == 0 || c.begun.has(n) || len(c.open) >= maxOpen {
		return x
	}
	x := new(exchange)
	if c.open == nil {
		c.open = make(map[int]*exchange)
	}
	c.begun.add(n)
	c.open[n] = x
	return x
}

// ended reports whether exchange n of c has begun and ended.
func (c *conn) ended(n int) bool { return c.open[n] == nil && c.begun.has(n) }

// end tells that all connections which are open were so when the trace ended.
func (s *conns) end() {
	for _, n := range slices.Sorted(maps.Keys(s.open)) {
		c := s.open[n]
		for _, x := range slices.Sorted(maps.Keys(c.open)) {
			m := c.open[x].meta(wire.Meta{Conn: c.wire, Exchange: x, Start: c.last, End: c.last})
			s.emit(&wire.End{Meta: m, State: wire.StateOpen})
		}
		s.emit(&wire.Close{Meta: wire.Meta{Conn: c.wire, Start: c.last, End: c.last}, Bytes: c.bytes,
			Stopped: true, Err: wire.ErrStopped.Error()})
	}
	clear(s.open)
}

// meta returns m with the place and the start of x.
func (x *exchange) meta(m wire.Meta) wire.Meta {
	switch {
	case x.request != nil:
		m.Off, m.Start = x.request.Off, x.request.Start
	case x.response != nil:
		m.Start = x.response.Start
	}
	return m
}
