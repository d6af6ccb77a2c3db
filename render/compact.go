package render

import (
	"io"
	"sort"
	"strconv"
	"strings"
	"time"

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
	w    io.Writer
	o    Options
	open memory[waiting]
}

// waiting is what compact knows of an exchange that is not finished.
type waiting struct {
	request *wire.Request
	status  int
	streams [wire.KindCount]wire.StreamStat
	said    int // how many lines said that it is open
}

// NewCompact returns a sink that shows one line an exchange. It makes at most
// one Write of w for each event or tick, and does not close w. It is a Ticker.
func NewCompact(w io.Writer, o Options) wire.Sink {
	return &compact{page: page{colors: newPalette(o.Color)}, w: w, o: o}
}

// Event shows one event, or remembers it.
func (c *compact) Event(ev wire.Event) error {
	c.begin(c.o.width())
	switch ev := ev.(type) {
	case *wire.Request:
		*c.open.put(&ev.Meta) = waiting{request: reduced(ev)}
	case *wire.Response:
		if st := c.open.get(&ev.Meta); st != nil && !ev.Interim {
			st.status = ev.Status
		}
	case *wire.Message:
		if st := c.open.get(&ev.Meta); st != nil && ev.Kind < wire.KindCount {
			st.streams[ev.Kind].Frames++
			st.streams[ev.Kind].Bytes += ev.Size
		}
	case *wire.Exchange:
		c.open.drop(&ev.Meta)
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
		c.open.dropConn(connID(&ev.Meta))
		if ev.Err != "" && !ev.Stopped { // what was open then is told by its own line
			c.problem(&ev.Meta)
			c.text(roleAnomaly, ev.Err)
			c.end()
		}
	}
	return flush(c.w, c.out)
}

// maxRemember is how many bytes of a target are remembered.
const maxRemember = 1 << 10

// reduced returns what of a request is worth its memory while it is open.
func reduced(r *wire.Request) *wire.Request {
	short := func(s string) string { return strings.Clone(s[:min(len(s), maxRemember)]) }
	return &wire.Request{Meta: r.Meta, Method: short(r.Method), Target: short(r.Target), Operation: r.Operation}
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
		c.own(roleTime, at.In(c.o.zone()).Format(clock))
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

// timing adds the status and how long it took, both in their columns.
func (c *compact) timing(status string, r role, took time.Duration, known bool) {
	c.spaces(statusColumns - columns([]byte(status)))
	c.own(r, status)
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
	status, r := "-", roleAnomaly
	if ev.Response != nil {
		status, r = strconv.Itoa(ev.Response.Status), statusRole(ev.Response.Status)
	}
	c.timing(status, r, ev.End.Sub(ev.Start), !ev.Start.IsZero() && !ev.End.IsZero())
	c.asked(ev.Request, c.tail(ev))
	c.end()
}

// part is one piece of what follows the request, with the two spaces before it.
type part struct {
	painted []byte
	spare   bool // left out first where the terminal is too narrow
}

// build returns what f adds to the line as a part.
func (c *compact) build(spare bool, f func()) part {
	from := len(c.line)
	f()
	p := part{painted: append([]byte(nil), c.line[from:]...), spare: spare}
	c.line = c.line[:from]
	return p
}

// tail returns what follows the request, the most telling first.
func (c *compact) tail(ev *wire.Exchange) []part {
	parts := []part{
		c.operation(ev.Request),
		c.build(true, func() { c.streams(&ev.Streams, false) }),
		c.build(false, func() { c.problems(ev) }),
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
		}),
		c.build(true, func() {
			if !ev.FirstByte.IsZero() && !ev.Start.IsZero() {
				c.own(roleFaint, "  ttfb ")
				c.duration(roleFaint, ev.FirstByte.Sub(ev.Start))
			}
		}),
		c.client(&ev.Meta),
	}
	return parts
}

// wireBytes returns the size of a body as sent, if there was one.
func wireBytes(b *wire.Body) int64 {
	if b == nil {
		return 0
	}
	return b.WireBytes
}

// operation returns what the request asks for.
func (c *compact) operation(r *wire.Request) part {
	return c.build(true, func() {
		if r != nil && r.Operation != "" {
			c.own(plain, "  ")
			c.text(roleOperation, r.Operation)
		}
	})
}

// client returns who asked.
func (c *compact) client(m *wire.Meta) part {
	return c.build(true, func() {
		if m.Conn == nil {
			return
		}
		who := m.Conn.Client.Addr
		if p := m.Conn.Client.Process; p != nil {
			who = p.String()
		}
		if who != "" {
			c.own(plain, "  ")
			c.text(roleFaint, who)
		}
	})
}

// The times after which a line says that an exchange is still open; then one
// follows each sayEvery.
const (
	sayFirst  = time.Second
	saySecond = 10 * time.Second
	sayThird  = time.Minute
	sayEvery  = 5 * time.Minute
)

// sayAfter returns the age at which an exchange gets its next line.
func sayAfter(said int) time.Duration {
	switch said {
	case 0:
		return sayFirst
	case 1:
		return saySecond
	case 2:
		return sayThird
	}
	return time.Duration(said-2) * sayEvery
}

// Tick shows a line for each exchange that is open for longer than it was
// at its last line.
func (c *compact) Tick(now time.Time) error {
	var due []*waiting
	for _, exchanges := range c.open.conns {
		for _, st := range exchanges {
			if st.request == nil || now.Sub(st.request.Start) <= sayAfter(st.said) {
				continue
			}
			for now.Sub(st.request.Start) > sayAfter(st.said) {
				st.said++
			}
			due = append(due, st)
		}
	}
	sort.Slice(due, func(i, j int) bool { return due[i].request.Start.Before(due[j].request.Start) })
	c.begin(c.o.width())
	for _, st := range due {
		c.stillOpen(st, now)
	}
	return flush(c.w, c.out)
}

// stillOpen shows that an exchange has not ended.
func (c *compact) stillOpen(st *waiting, now time.Time) {
	m := &st.request.Meta
	c.stamp(m, now)
	status, r := "…", roleFaint
	if st.status > 0 {
		status, r = strconv.Itoa(st.status), statusRole(st.status)
	}
	c.timing(status, r, now.Sub(m.Start), true)
	open := c.build(false, func() {
		c.own(plain, "  ")
		c.own(roleNote, "… open")
	})
	streams := c.build(true, func() { c.streams(&st.streams, false) })
	c.asked(st.request, []part{c.operation(st.request), open, streams, c.client(m)})
	c.end()
}
