package har

import (
	"strconv"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// connNote is what _socktrace tells of a connection.
type connNote struct {
	Opened string      `json:"opened"`
	Peer   *peerNote   `json:"peer"`
	Server *peerNote   `json:"server"`
	Parent *parentNote `json:"parent"`
	Via    string      `json:"via"`
}

// parentNote is what it tells of the exchange that carries the connection, and
// of that one's connection: the entry of the parent comes later, when it has
// ended.
type parentNote struct {
	Conn     int `json:"conn"`
	Exchange int `json:"exchange"`
	connNote
}

// connection writes the members of connNote.
func (o *object) connection(c *wire.Conn) {
	if !c.Start.IsZero() {
		o.moment("opened", c.Start, nanoTime)
	}
	o.peer("peer", c.Client)
	o.peer("server", c.Server)
	if p := c.Parent; p.Conn != nil {
		o.Open("parent", '{')
		o.Int("conn", int64(p.Conn.ID))
		o.Int("exchange", int64(p.Exchange))
		o.connection(p.Conn)
		o.Close('}')
	}
	o.Optional("via", c.Via)
}

// connection makes the connection that n tells of. What it travels in has been
// opened then.
func (f *file) connection(id int, n *connNote) *wire.Conn {
	c := &wire.Conn{Client: n.Peer.wire(), Server: n.Server.wire(), Via: n.Via}
	c.Start, _ = time.Parse(time.RFC3339Nano, n.Opened)
	if p := n.Parent; p != nil {
		name := strconv.Itoa(p.Conn)
		l := f.conns[name]
		if l == nil {
			l = f.open(name, f.connection(p.Conn, &p.connNote))
		}
		c.Parent = wire.Parent{Conn: l.conn, Exchange: p.Exchange}
	}
	c.ID = f.freeID(id, true)
	return c
}
