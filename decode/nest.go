package decode

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/decode/internal/proxyproto"
	"github.com/socktrace/socktrace/wire"
)

// child is a connection inside of another. It ends when the stream does that
// carries it, for the same reason.
type child struct {
	*Conn
	parent *Conn
}

var _ content.Nester = (*Conn)(nil)

// Looks tells whether b begins what a client, or a server, sends: connections
// inside of others are seen where they speak HTTP, or their client's proxy says
// whose they are. How HTTP/2 begins, nothing else does.
func (d *Conn) Looks(dir wire.Dir, b []byte) content.Looks {
	if d.Full() {
		return content.No
	}
	if h, may := proxyproto.Parse(b); dir == wire.ToServer && h.Size > 0 {
		return content.Yes
	} else if dir == wire.ToServer && may {
		return content.TooFew
	}
	if looks, ok := looksTLS(dir, b); ok {
		return looks
	}
	if sure, may := http2.Looks(dir, b); sure {
		return content.Sure
	} else if may {
		return content.TooFew
	}
	return http1.Looks(dir, b)
}

// Full reports whether no more connections may be inside of d.
func (d *Conn) Full() bool { return d.depth() >= maxDepth || len(d.inside) >= maxInside }

// Nest begins a connection inside of d. It is between the same two, unless inside
// says otherwise.
func (d *Conn) Nest(inside wire.Conn) wire.Tap {
	inside.ID = d.number()
	if inside.Client == (wire.Peer{}) && inside.Server == (wire.Peer{}) {
		inside.Client, inside.Server = d.conn.Client, d.conn.Server
		if inside.Reversed {
			inside.Client, inside.Server = inside.Server, inside.Client
		}
	}
	c := &child{New(&inside, d.o, d.tell), d}
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
