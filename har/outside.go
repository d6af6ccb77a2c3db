package har

import (
	"slices"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// outside is what belongs to no exchange of a connection: raw bytes, anomalies,
// and what came behind the end of one. It has entries of its own.
type outside struct {
	mu sync.Mutex // held by events, and by Tick, which is not told of it
	pending
	x wire.Exchange
}

// maxListed bounds how many anomalies, and names of what was masked, are kept: a
// peer may cause them without end.
const maxListed = 64

// add notes what ev tells.
func (o *outside) add(c *wire.Conn, ev wire.Event) {
	m, x := ev.EventMeta(), &o.x
	if x.Conn == nil {
		x.Meta = wire.Meta{Conn: c, Start: m.Start}
		x.State = wire.StateOpen
	}
	if m.Start.Before(x.Start) {
		x.Start = m.Start
	}
	if m.End.After(x.End) {
		x.End = m.End
	}
	if _, end := ev.(*wire.EOF); !end { // it is told of exchanges only
		o.pending.add(ev, x)
	}
	switch ev := ev.(type) {
	case *wire.Message:
		o.message(ev)
	case *wire.Upgrade:
		u := *ev
		x.Upgrade = &u
	case *wire.Anomaly:
		if len(x.Anomalies) < maxListed {
			a := *ev
			x.Anomalies = append(x.Anomalies, &a)
		}
	}
}

// message counts a message: of raw bytes there are no pieces.
func (o *outside) message(ev *wire.Message) {
	x := &o.x
	if ev.Kind == wire.KindRaw {
		x.Streams[ev.Kind].Frames++
		x.Streams[ev.Kind].Bytes += ev.Size - ev.Missing
	}
	for _, name := range ev.Masked {
		if i, known := slices.BinarySearch(x.Masked, name); !known && len(x.Masked) < maxListed {
			x.Masked = slices.Insert(x.Masked, i, name)
		}
	}
}

// reset forgets what is in the file. o is locked.
func (o *outside) reset() {
	o.messages.forget()
	o.x, o.changed = wire.Exchange{}, false
}
