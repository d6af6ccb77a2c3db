package decode

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/wire"
)

// maxDepth bounds connections within connections: nobody needs as many, and
// each costs memory.
const maxDepth = 8

// child is a connection inside of another. It ends when the stream does that
// carries it, for the same reason.
type child struct {
	*Conn
	parent *Conn
}

var _ content.Nester = (*Conn)(nil)

// Looks tells whether b begins what a client, or a server, sends: connections
// inside of others are seen where they speak HTTP.
func (d *Conn) Looks(dir wire.Dir, b []byte) content.Looks {
	if d.depth() >= maxDepth {
		return content.No
	}
	return http1.Looks(dir, b)
}

// depth returns how many connections carry d.
func (d *Conn) depth() (n int) {
	for c := d.conn; c.Parent.Conn != nil; c = c.Parent.Conn {
		n++
	}
	return n
}

// Nest begins a connection inside of p, from its client's first byte at start.
func (d *Conn) Nest(p wire.Parent, via string, start time.Time) wire.Tap {
	inside := &wire.Conn{ID: d.number(), Start: start, Client: d.conn.Client, Server: d.conn.Server, Parent: p, Via: via}
	c := &child{New(inside, d.o, d.tell), d}
	d.inside = append(d.inside, c)
	c.Open()
	return c
}

// number returns the number of a connection inside of d.
func (d *Conn) number() int {
	if d.o.Numbers == nil {
		d.o.Numbers = new(wire.Numbers)
		d.o.Numbers.Claim(d.conn.ID)
	}
	return d.o.Numbers.Next()
}

// Chunk decodes a part of the stream. That a direction has ended is known now, not
// since its last byte.
func (c *child) Chunk(ch wire.Chunk) {
	ch.Conn = c.conn
	if ch.EOF {
		ch.Time = c.parent.env.Now
	}
	c.Conn.Chunk(ch)
}

// End is the end of the stream.
func (c *child) End(time.Time, error) {
	p := c.parent
	if i := slices.Index(p.inside, wire.Tap(c)); i >= 0 {
		p.inside = slices.Delete(p.inside, i, i+1)
		c.Conn.End(p.env.Now, p.env.Err)
	}
}
