package render

import (
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// compact shows one line an exchange, when it ends:
//
//	clock  number  status  duration  method target  operation  sizes  first byte  client  streams  problems
//
// and one now and then for an exchange that stays open, anomalies and gaps
// when they come.
type compact struct {
	page
	w      io.Writer
	o      Options
	clock  clockText
	tail   []part    // what follows the request in the line in work
	parts  []byte    // what the tail is made of
	ticked time.Time // when Tick was called last
}

// NewCompact returns a sink that shows one line an exchange. It makes at most
// one Write of w for each event or tick, and does not close w. It is a
// wire.Ticker.
func NewCompact(w io.Writer, o Options) wire.Sink {
	return &compact{page: page{colors: newPalette(o.Color)}, w: w, o: o}
}

// Needs is neither fields nor what is in bodies: a line tells sizes.
func (c *compact) Needs() wire.Needs { return wire.Needs{Lines: true, Sizes: true} }

// Event shows an event that has a line of its own.
func (c *compact) Event(ev wire.Event, _ *wire.Exchange) error {
	c.begin(c.o.width())
	switch ev := ev.(type) {
	case *wire.Exchange:
		c.exchange(ev)
	case *wire.Anomaly:
		c.problem(&ev.Meta)
		c.anomaly(ev)
		c.end()
	case *wire.Dropped:
		c.problem(&ev.Meta)
		c.dropped(ev)
		c.end()
	case *wire.Close:
		if ev.Err != "" && !ev.Stopped { // what was open then is told by its own line
			c.problem(&ev.Meta)
			c.text(roleAnomaly, ev.Err)
			c.end()
		}
	}
	return flush(c.w, c.out)
}

// Close does nothing: the writer is its owner's.
func (c *compact) Close() error { return nil }

// Columns of what has a fixed width.
const (
	clockColumns    = len(clock)
	statusColumns   = 3
	durationColumns = 9
	requestColumns  = 44 // of method and target where nothing is cut, so that what follows stands in line
)

// stamp adds the clock time and the number of the exchange.
func (c *compact) stamp(m *wire.Meta, at time.Time) {
	c.prefix, c.before = c.prefix[:0], 0
	if at.IsZero() {
		c.spaces(clockColumns)
	} else {
		c.own(roleTime, string(c.clock.at(at, c.o.zone())))
	}
	c.spaces(2)
	c.line = appendID(c.line, c.colors, m)
	c.spaces(1)
}

// problem begins a line that is not about an exchange as a whole.
func (c *compact) problem(m *wire.Meta) {
	c.stamp(m, m.End)
	c.hang = columns(c.line)
	c.own(roleAnomaly, "!")
	c.spaces(1)
}

// status adds the status of the response, or otherwise if there is none, in its
// columns.
func (c *compact) status(resp *wire.Response, otherwise string, r role) {
	if resp == nil {
		c.spaces(statusColumns - utf8.RuneCountInString(otherwise))
		c.own(r, otherwise)
		return
	}
	var b [32]byte
	status := strconv.AppendInt(b[:0], int64(resp.Status), 10)
	c.spaces(statusColumns - len(status))
	c.own(statusRole(resp.Status), string(status))
}

// took adds how long the exchange took, if that is known, in its columns.
func (c *compact) took(took time.Duration, known bool) {
	var b [32]byte
	d := b[:0]
	if known {
		d = appendDuration(d, took)
	}
	c.spaces(1 + durationColumns - len(d))
	c.own(plain, string(d))
	c.spaces(2)
}

// exchange shows the line of a finished exchange.
func (c *compact) exchange(ev *wire.Exchange) {
	at := ev.End
	if at.IsZero() {
		at = ev.Start
	}
	c.stamp(&ev.Meta, at)
	c.status(ev.Response, "-", roleAnomaly)
	c.took(ev.End.Sub(ev.Start), !ev.Start.IsZero() && !ev.End.IsZero())
	c.follows(ev)
	c.asked(ev.Request)
	c.end()
}

// part is one piece of what follows the request, with the two spaces before it.
type part struct {
	painted []byte
	spare   bool // left out first where the terminal is too narrow
}

// build puts what f adds to the line into the tail, as a part.
func (c *compact) build(spare bool, f func()) {
	line, from := c.line, len(c.parts)
	c.line = c.parts
	f()
	c.line, c.parts = line, c.line
	if added := c.parts[from:]; len(added) > 0 {
		c.tail = append(c.tail, part{painted: added, spare: spare})
	}
}

// follows makes the tail of an exchange, the most telling first.
func (c *compact) follows(ev *wire.Exchange) {
	c.tail, c.parts = c.tail[:0], recycle(c.parts)
	c.operation(ev.Request)
	c.build(true, func() { c.streams(&ev.Streams, false) })
	c.build(false, func() { c.problems(ev) })
	c.build(true, func() {
		if ev.Request != nil {
			c.own(roleFaint, "  ↑")
			c.size(plain, ev.Request.HeadBytes+wireBytes(ev.RequestBody))
			c.coding(ev.RequestBody)
		}
		if ev.Response != nil {
			c.own(roleFaint, "  ↓")
			c.size(plain, headBytes(ev)+wireBytes(ev.ResponseBody))
			c.coding(ev.ResponseBody)
		}
	})
	c.build(true, func() {
		if !ev.FirstByte.IsZero() && !ev.Start.IsZero() {
			c.own(roleFaint, "  ttfb ")
			c.duration(roleFaint, ev.FirstByte.Sub(ev.Start))
		}
	})
	c.client(&ev.Meta)
}

// wireBytes returns the size of a body as sent, if there was one.
func wireBytes(b *wire.Body) int64 {
	if b == nil {
		return 0
	}
	return b.WireBytes
}

// operation makes a part of what the request asks for.
func (c *compact) operation(r *wire.Request) {
	c.build(true, func() {
		if r != nil && r.Call.Operation != "" {
			c.own(plain, "  ")
			c.text(roleOperation, r.Call.Operation)
		}
	})
}

// client makes a part of who asked.
func (c *compact) client(m *wire.Meta) {
	c.build(true, func() {
		if who := askedBy(m.Conn); who != "" {
			c.own(plain, "  ")
			c.text(roleFaint, who)
		}
	})
}

// askedBy tells who is at the other end of a connection, or what carries it, if
// that is who is at the end of that.
func askedBy(c *wire.Conn) string {
	switch {
	case c == nil:
		return ""
	case c.Parent.Conn != nil && c.Client.String() == c.Parent.Conn.Client.String():
		return "inside " + inside(c)
	case c.Client.Process != nil:
		return c.Client.Process.String()
	}
	return c.Client.Addr
}
