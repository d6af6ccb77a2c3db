package render

import (
	"io"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// compact shows one line an exchange, when it ends:
//
//	start  number  status  duration  operation  subject  what matters  client
//
// and one now and then for an exchange that stays open, anomalies and gaps
// when they come.
type compact struct {
	row
	w       io.Writer
	ticked  time.Time // when Tick was called last
	endings endings
}

// NewCompact returns a sink that shows one line an exchange. It makes at most
// one Write of w for each event or tick, and does not close w. It is a
// wire.Ticker.
func NewCompact(w io.Writer, o Options) wire.Sink { return &compact{row: newRow(o), w: w} }

// Needs is what is told in a line: neither fields nor what is in bodies.
func (c *compact) Needs() wire.Needs { return wire.Needs{Lines: true, Telling: true} }

// Event shows an event that has a line of its own.
func (c *compact) Event(ev wire.Event, x *wire.Exchange) error {
	switch ev := ev.(type) {
	case *wire.Exchange:
		c.begin(c.o.width())
		c.exchange(ev)
		c.said(ev)
		c.endings.note(ev)
	case *wire.Anomaly:
		if x != nil && x.Outcome.Left { // what is cut off then is no news
			return nil
		}
		c.problem(&ev.Meta)
		c.anomaly(ev)
		c.end()
	case *wire.TLS:
		c.shown.note(ev, c.colors)
		if ev.Opaque == "" {
			return nil
		}
		c.problem(&ev.Meta)
		c.undecrypted(ev)
		c.end()
	case *wire.Dropped:
		c.problem(&ev.Meta)
		c.dropped(ev)
		c.end()
	case *wire.Close:
		c.shown.forget(&ev.Meta)
		news := c.endings.news(ev)
		if !news && ev.Story == nil {
			return nil
		}
		if c.begin(c.o.width()); news {
			c.problem(&ev.Meta)
			c.text(roleAnomaly, ev.Err)
			c.end()
		}
		if ev.Story != nil {
			c.story(ev.Story)
		}
	default:
		return nil
	}
	return flush(c.w, c.out)
}

// Close does nothing: the writer is its owner's.
func (c *compact) Close() error { return nil }

// problem begins a line that is not about an exchange as a whole.
func (c *compact) problem(m *wire.Meta) {
	c.begin(c.o.width())
	c.stamp(m, m.End)
	c.hang = columns(c.line)
	c.own(roleAnomaly, "! ")
}

// undecrypted adds why nothing is seen of a connection of TLS, to which name.
func (c *compact) undecrypted(ev *wire.TLS) {
	version := ev.Version
	if version == "" {
		version = "TLS"
	}
	if ev.ServerName != "" {
		version += " to " + ev.ServerName
	}
	c.text(roleAnomaly, version+", not decrypted: "+ev.Opaque)
}

// exchange shows the line of a finished exchange.
func (c *compact) exchange(x *wire.Exchange) {
	unanswered := roleAnomaly
	if leaves(x) {
		unanswered = roleFaint
	}
	c.head(x, "-", unanswered, x.End.Sub(x.Start), !x.Start.IsZero() && !x.End.IsZero())
	c.about(x)
	c.result(x)
	c.path(x)
	c.client(x.Conn)
	c.finish()
}
