package har

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// count adds the bytes of ev, which is of x, to those that the connection carried, and
// to those that it had by then as far as x, of which p is known, tells: they are known
// by their place.
func (l *link) count(x *wire.Exchange, p *progress, ev wire.Event) {
	m := ev.EventMeta()
	n := int64(0)
	switch ev := ev.(type) {
	case *wire.Request:
		n = ev.HeadBytes
	case *wire.Response:
		n = ev.HeadBytes
	case *wire.Body:
		n = ev.WireBytes
	case *wire.Message:
		n = sizeOnWire(x, ev)
	}
	d := m.Dir & 1
	p.bytes[d] = max(p.bytes[d], m.Off+n)
	l.carried(d, m.Off+n, m.End)
}

// sizeOnWire returns how many bytes m has had at least, where it was. That of what a
// body holds may be one that was made of it, by unpacking: its body tells.
func sizeOnWire(x *wire.Exchange, m *wire.Message) int64 {
	switch {
	case m.Dir == wire.ToServer && x.RequestBody != nil && x.Upgrade == nil, m.Dir == wire.ToClient && x.ResponseBody != nil:
		return 0
	case m.Kind == wire.KindWebSocket, m.Kind == wire.KindEntry:
		return 0
	}
	return m.Size
}

// carried notes that all up to end, an offset, was carried at a moment. What a
// connection carries that is inside of another is carried by that too: in the other
// direction if its client is the server of that.
func (l *link) carried(dir wire.Dir, end int64, at time.Time) {
	l.bytes[dir] = max(l.bytes[dir], end)
	l.last = later(l.last, at)
	if l.carrier == nil {
		return
	}
	if l.conn.Reversed {
		dir = dir.Other()
	}
	l.carrier.carried(dir, l.from[dir]+end, at)
}
