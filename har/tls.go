package har

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/internal/handshake"
	"github.com/socktrace/socktrace/wire"
)

// maxHandshakes bounds how many are told of a connection: it has one with each side, or
// one in all.
const maxHandshakes = 2

// shaken notes a handshake of TLS, of which all entries of the connection tell.
func (c *conn) shaken(ev *wire.TLS) {
	var all []*wire.TLS
	if known := c.handshakes.Load(); known != nil {
		all = *known
	}
	if len(all) < maxHandshakes {
		all = append(slices.Clone(all), ev)
		c.handshakes.Store(&all)
	}
}

// tls writes the handshakes of a connection.
func (o *object) tls(c *conn) {
	all := c.handshakes.Load()
	if all == nil {
		return
	}
	o.Open("tls", '[')
	for _, ev := range *all {
		o.Open("", '{')
		if ev.Dir == wire.ToClient {
			o.String("type", direction(ev.Dir))
		}
		o.Count("offset", ev.Off)
		if !ev.Start.IsZero() {
			o.moment("start", ev.Start, nanos)
		}
		if !ev.End.IsZero() {
			o.moment("end", ev.End, nanos)
		}
		handshake.Write(&o.Writer, ev)
		o.Close('}')
	}
	o.Close(']')
}

// tlsNote is what it has written of one.
type tlsNote struct {
	Type   string `json:"type"`
	Offset int64  `json:"offset"`
	Start  string `json:"start"`
	End    string `json:"end"`
	handshake.Note
}

// shaken tells of the handshakes of a connection, once, right behind its Open.
func (f *file) shaken(l *link, notes []tlsNote) {
	if l.shaken || len(notes) == 0 {
		return
	}
	l.shaken = true
	for _, n := range notes[:min(len(notes), maxHandshakes)] {
		m := wire.Meta{Conn: l.conn, Dir: dirNamed(n.Type), Off: n.Offset}
		m.Start, _ = time.Parse(time.RFC3339Nano, n.Start)
		m.End, _ = time.Parse(time.RFC3339Nano, n.End)
		f.add(l.depth, step{at: l.opened, ev: n.Event(m)})
	}
}
