package pcap

import (
	"errors"
	"net/netip"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// state is what is known of a connection.
type state uint8

const (
	undecided state = iota // whether it is HTTP
	open                   // it has a tap
	ignored                // it is something else
	closed
)

// conn is a connection of a capture. Its sides are in the order of their
// addresses.
type conn struct {
	r      *reader
	key    connKey
	ends   [2]netip.AddrPort // by side
	half   [2]half           // by the side that sends
	client int               // side; -1: not known
	state  state
	start  time.Time
	last   time.Time // of what the tap has seen

	conn *wire.Conn // nil while undecided
	tap  wire.Tap

	whole  bool    // the beginning was captured, and nothing is missing so far
	early  early   // what has come while undecided, if whole
	unread [2]bool // by side: bytes went by while undecided
	owed   [2]int  // how many, since the other side said something

	ending bool // end was called, with
	ended  time.Time
	err    error

	held  int       // bytes in memory
	stuck bool      // segments are held
	since time.Time // nothing could be delivered
	inRow bool      // it is in reader.stuck

	recorded *recorded // not nil if it is a recording of ours

	list       *connList // it is in
	prev, succ *conn
}

// Why connections end that are reset.
var (
	errClientReset error = &wire.PeerError{Dir: wire.ToServer, Err: errors.New("connection reset by the client")}
	errServerReset error = &wire.PeerError{Dir: wire.ToClient, Err: errors.New("connection reset by the server")}
)

// reset is the error of a connection that a side resets.
func (c *conn) reset(side int) error {
	if side == c.client {
		return errClientReset
	}
	return errServerReset
}

// chunk delivers the next bytes of a side.
func (c *conn) chunk(side int, t time.Time, data []byte, eof bool) {
	h := &c.half[side]
	switch c.state {
	case undecided:
		if c.whole && (h.lost < 0 || h.lost > 0 && len(c.early.said[side]) == 0) {
			c.partial()
		}
		c.decide(side, t, data, eof)
	case open:
		if h.lost < 0 && len(data) > 0 && c.begins(side, c.opening(side, data)) {
			h.lost = 0 // nothing is missing of the message
		}
		c.tellOther(side, t)
		c.tell(side, t, data, eof)
	}
}

// tell shows a chunk to the tap.
func (c *conn) tell(side int, t time.Time, data []byte, eof bool) {
	dir := c.dir(side)
	if t.Before(c.last) {
		t = c.last // it waited for what came before it
	}
	c.last = t
	h := &c.half[side]
	lost := h.lost
	h.lost = 0
	c.tap.Chunk(wire.Chunk{Conn: c.conn, Time: t, Dir: dir, Data: data, Lost: lost, EOF: eof})
}

// dir returns the direction of what a side sends.
func (c *conn) dir(side int) wire.Dir {
	if side == c.client {
		return wire.ToServer
	}
	return wire.ToClient
}

// tellLost tells at once that bytes of a side are missing: before what waits for them.
func (c *conn) tellLost(side int) {
	if c.half[side].lost == 0 {
		return
	}
	t := c.r.now
	for i := range c.half {
		if q := &c.half[i].queue; q.n > 0 && q.first().time.Before(t) {
			t = q.first().time
		}
	}
	c.chunk(side, t, nil, false)
}

// decide finds out whether the connection is HTTP. If all of it was captured,
// its first bytes tell. Else any segment may be the first that is understood.
func (c *conn) decide(side int, t time.Time, data []byte, eof bool) {
	if !c.whole {
		c.decideLate(side, t, data, eof)
		return
	}
	e := &c.early
	lost := c.half[side].lost
	e.torn[side] = e.torn[side] || lost > 0
	b, n := data, len(e.said[side])+len(data)
	if n > len(data) {
		if e.said[side] = append(e.said[side], data...); !e.torn[side] {
			b = e.said[side]
		}
	}
	switch v := c.opening(side, b); {
	case c.begins(side, v):
		c.beginWhole(side, t, v)
		c.tell(side, t, data, eof)
	case c.mayBegin(side, v, n):
		if c.keepEarly(side, t, data, lost, eof); c.r.held > c.r.o.MaxHeld {
			c.ignore()
		}
	case e.torn[side]:
		c.partial()
	default:
		c.ignore()
	}
}

// tellOther tells what is missing of the other side before what a side says next, at t.
func (c *conn) tellOther(side int, t time.Time) {
	if c.half[1-side].lost > 0 {
		c.tell(1-side, t, nil, false)
	}
}

// mayBegin reports whether a connection may turn out to be HTTP of which a side
// has said n bytes, and nothing yet but what v says: if more bytes tell; if a
// server of HTTP/2 has greeted; or if what a client asked is answered with HTTP.
func (c *conn) mayBegin(side int, v wire.Opening, n int) bool {
	switch {
	case v == wire.OpensUnclear:
		return true
	case c.early.torn[side]:
		return n <= maxAsked
	case side != c.client:
		return v == wire.OpensGreeting
	}
	return v != wire.OpensResponse && n <= maxAsked && len(c.early.said[1-side]) == 0
}

func (c *conn) forgetEarly() {
	c.keep(-c.early.held)
	c.early = early{}
}

// partial notes that something is missing of a connection that is undecided.
func (c *conn) partial() {
	c.whole = false
	for side := range c.unread {
		c.unread[side] = c.unread[side] || len(c.early.said[side]) > 0
		c.owed[side] += len(c.early.said[side])
	}
	c.forgetEarly()
}

// begins reports whether v is what a side may begin a message with.
func (c *conn) begins(side int, v wire.Opening) bool {
	return v == wire.OpensRequest && c.client != 1-side || v == wire.OpensResponse && c.client != side
}

// opening tells what b, which a side has sent first, shows.
func (c *conn) opening(side int, b []byte) wire.Opening {
	switch {
	case c.r.o.Recognize != nil:
		return c.r.o.Recognize(b)
	case c.client == 1-side:
		return wire.OpensResponse
	}
	return wire.OpensRequest
}

// begin makes a tap for a connection of which a side has sent what v says.
func (c *conn) begin(side int, v wire.Opening) {
	if c.client < 0 {
		c.client = side
		if v == wire.OpensResponse {
			c.client = 1 - side
		}
	}
	r := c.r
	c.conn = &wire.Conn{
		ID: r.o.Numbers.Next(), Start: c.start,
		Client: wire.Peer{Addr: "tcp://" + c.ends[c.client].String()},
		Server: wire.Peer{Addr: "tcp://" + c.ends[1-c.client].String()},
	}
	c.attach()
	for side := range c.half {
		if c.unread[side] {
			c.half[side].lost = -1
		}
	}
}

// attach asks for a tap.
func (c *conn) attach() {
	c.state, c.last = open, c.start
	c.r.stats.Connections++
	c.r.move(c, &c.r.open)
	c.tap = c.r.newTap(c.conn)
}

// ignore notes that the connection is not HTTP.
func (c *conn) ignore() {
	c.state = ignored
	c.r.stats.NotHTTP++
	c.release()
	c.r.move(c, &c.r.done)
}

// release frees what is held.
func (c *conn) release() {
	c.forgetEarly()
	c.forget(&c.half[0])
	c.forget(&c.half[1])
	c.stuck = false
}

// end ends the connection: err says why, as in wire.Tap. What is held is
// delivered before, and may hold a better reason than that the capture ends.
func (c *conn) end(t time.Time, err error) {
	if c.state == ignored || c.ending && !errors.Is(c.err, wire.ErrStopped) {
		return
	}
	c.ended, c.err = t, err
	if c.ending {
		return
	}
	c.ending = true
	c.flush()
	switch c.state {
	case open:
		if c.ended.Before(c.last) {
			c.ended = c.last
		}
		c.tap.End(c.ended, c.err)
		c.tap = nil
	case undecided:
		if c.partial(); c.unread[0] || c.unread[1] {
			c.r.stats.NotHTTP++
		}
	}
	c.state = closed
	c.release()
	c.r.move(c, &c.r.done)
}
