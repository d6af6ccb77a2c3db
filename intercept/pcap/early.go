package pcap

import (
	"bytes"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// maxAsked is how much of what is no request waits for its answer, which may be
// one of HTTP all the same: servers call it a bad request.
const maxAsked = 16 << 10

// early is what came before it was clear whether a connection is HTTP.
type early struct {
	chunks []earlyChunk
	said   [2][]byte // the bytes of all chunks, by side
	torn   [2]bool   // by side: some are missing
	ended  [2]bool   // by side: the last of them was its end
	held   int       // what it counts in memory
}

// earlyChunk is the next n bytes that a side said.
type earlyChunk struct {
	side int
	time time.Time
	n    int
	lost int // how many are missing before them
	eof  bool
}

// each calls f for every chunk.
func (e *early) each(f func(c earlyChunk, data []byte)) {
	var at [2]int
	for _, c := range e.chunks {
		f(c, e.said[c.side][at[c.side]:at[c.side]+c.n])
		at[c.side] += c.n
	}
}

// keepEarly keeps a chunk, of which data are the next bytes of a side, until it is clear
// what the connection is.
func (c *conn) keepEarly(side int, t time.Time, data []byte, lost int, eof bool) {
	e := &c.early
	c.half[side].lost = 0
	if len(e.said[side]) == 0 {
		e.said[side] = bytes.Clone(data)
	}
	e.chunks = append(e.chunks, earlyChunk{side, t, len(data), lost, eof})
	e.held += len(data) + overhead
	c.keep(len(data) + overhead)
}

// beginWhole is begin for a connection of which everything that was captured is
// kept, and shows it to the tap.
func (c *conn) beginWhole(side int, t time.Time, v wire.Opening) {
	early, now := c.early, [2]int{c.half[0].lost, c.half[1].lost}
	c.forgetEarly()
	c.begin(side, v)
	early.each(func(e earlyChunk, data []byte) {
		c.half[e.side].lost = e.lost
		c.tell(e.side, e.time, data, e.eof)
	})
	c.half[0].lost, c.half[1].lost = now[0], now[1]
	c.tellOther(side, t)
}

// decideLate is decide for a connection whose beginning was not captured. Frames of
// HTTP/2 that may be of either side are kept until it is known which is the client.
func (c *conn) decideLate(side int, t time.Time, data []byte, eof bool) {
	h := &c.half[side]
	lost := max(h.lost, 0) + c.owed[side]
	v := c.opening(side, data)
	switch {
	case len(data) == 0:
	case c.begins(side, v):
		early := c.early
		c.forgetEarly()
		c.begin(side, v)
		early.each(func(e earlyChunk, data []byte) {
			c.half[e.side].lost = e.lost
			c.tell(e.side, e.time, data, e.eof)
		})
		if o := &c.half[1-side]; o.ended && !early.ended[1-side] || o.lost > 0 {
			c.tell(1-side, t, nil, o.ended && !early.ended[1-side])
		}
		h.lost = lost // not an unknown number: nothing is missing of the message
		c.tell(side, t, data, eof)
	case v == wire.OpensGreeting && c.early.held+len(data) <= maxAsked && c.r.held <= c.r.o.MaxHeld:
		said := c.early.said[side]
		c.keepEarly(side, t, data, lost, eof)
		c.early.said[side], c.early.ended[side] = append(said, data...), eof
		c.owed[side] = 0
	default:
		c.partial()
		c.unread[side] = true
		c.owed[side], c.owed[1-side], h.lost = c.owed[side]+max(h.lost, 0)+len(data), 0, 0
	}
}
