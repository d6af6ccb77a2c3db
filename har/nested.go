package har

import (
	"cmp"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// carries writes what is known of x, in which a connection begins, if nothing of
// it was: what carries a connection comes before what is in it. A body of which
// more may become known, since nothing of it is, is left for the end.
func (w *Writer) carries(x *wire.Exchange) {
	c := w.conn(x.Conn)
	p := c.pending(x.Exchange)
	if p.parts > 0 {
		return
	}
	if b := x.RequestBody; b != nil && len(b.Data) == 0 && b.Bytes > 0 {
		heads := *x
		heads.RequestBody = nil
		x = &heads
	}
	w.part(c, p, x)
}

// connNote is what _socktrace tells of a connection.
type connNote struct {
	Opened string      `json:"opened"`
	Peer   *peerNote   `json:"peer"`
	Server *peerNote   `json:"server"`
	Parent *parentNote `json:"parent"`
	Via    string      `json:"via"`
	Back   bool        `json:"reversed"`
}

// parentNote is what it tells of the exchange that carries the connection, and
// of that one's connection, whose own entries may not be in this file.
type parentNote struct {
	Conn     int `json:"conn"`
	Exchange int `json:"exchange"`
	connNote
}

// connection writes the members of connNote.
func (o *object) connection(c *wire.Conn) {
	if !c.Start.IsZero() {
		o.moment("opened", c.Start, nanos)
	}
	o.peer("peer", c.Client)
	o.peer("server", c.Server)
	if p := c.Parent; p.Conn != nil {
		o.Open("parent", '{')
		o.Int("conn", int64(p.Conn.ID))
		if p.Exchange > 0 {
			o.Int("exchange", int64(p.Exchange))
		}
		o.connection(p.Conn)
		o.Close('}')
	}
	o.Optional("via", c.Via)
	o.Flag("reversed", c.Reversed)
}

// inside says where a connection is inside of another; zero if it is not.
type inside struct {
	carrier *link
	from    [2]int64 // how much that had carried before
}

// enter notes where l, which begins, is: behind what is known of the exchange that
// carries it.
func (f *file) enter(l *link) {
	carrier := f.links.byConn[l.conn.Parent.Conn]
	if carrier == nil {
		return
	}
	l.inside = inside{carrier, carrier.bytes}
	l.depth = carrier.depth + 1
	if p := carrier.held[l.conn.Parent.Exchange]; p != nil {
		l.from = p.bytes
		l.opened = later(l.opened, p.began)
	}
}

// byEnd compares connections by the order in which they are told to end: by
// their numbers, but what is inside of one before it.
func byEnd(a, b *link) int {
	rootA, depthA := carriers(a.conn)
	rootB, depthB := carriers(b.conn)
	return cmp.Or(rootA.ID-rootB.ID, depthB-depthA, a.conn.ID-b.conn.ID)
}

// carriers returns the connection that carries c and all between, and how many
// they are.
func carriers(c *wire.Conn) (root *wire.Conn, n int) {
	for ; c.Parent.Conn != nil; n++ {
		c = c.Parent.Conn
	}
	return c, n
}

// connection makes the connection that n tells of. What it travels in has been
// opened then.
func (f *file) connection(id int, n *connNote) *wire.Conn {
	c := &wire.Conn{Client: n.Peer.wire(), Server: n.Server.wire(), Via: clipped(n.Via), Reversed: n.Back, Recalled: true}
	c.Start, _ = time.Parse(time.RFC3339Nano, n.Opened)
	if p := n.Parent; p != nil {
		name := strconv.Itoa(p.Conn)
		l := f.links.byName[name]
		if l == nil {
			l = f.open(name, f.connection(p.Conn, &p.connNote))
		}
		c.Parent = wire.Parent{Conn: l.conn, Exchange: p.Exchange}
	}
	c.ID = f.links.freeID(id, true)
	return c
}
