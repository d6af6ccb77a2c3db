package render

import (
	"io"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// text shows everything, like curl -v and strace in one. Lines are marked
//
//	>  bytes to the server       *  what happened to the connection
//	<  bytes to the client       =  the end of an exchange, in sum
//	!  what broke a rule, or is missing
type text struct {
	page
	w io.Writer
	o Options
}

// NewText returns a sink that shows heads, bodies and frames as they come. It
// makes one Write of w for each event, and does not close w.
func NewText(w io.Writer, o Options) wire.Sink {
	return &text{page: page{colors: newPalette(o.Color)}, w: w, o: o}
}

// Needs is all but the whole of bodies: what messages do not show of them, the
// beginning does.
func (t *text) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true}
}

// Event shows one event.
func (t *text) Event(ev wire.Event, x *wire.Exchange) error {
	t.begin(t.o.width())
	switch ev := ev.(type) {
	case *wire.Open:
		t.opened(ev)
	case *wire.Request:
		t.request(ev)
	case *wire.Response:
		t.response(ev)
	case *wire.Message:
		t.message(ev, x)
	case *wire.Body:
		t.body(ev, x)
	case *wire.Upgrade:
		t.upgrade(ev)
	case *wire.EOF:
		t.eof(ev)
	case *wire.Anomaly:
		t.mark(&ev.Meta, '!', roleAnomaly)
		t.anomaly(ev)
		t.end()
	case *wire.Exchange:
		t.exchange(ev)
	case *wire.Close:
		t.closed(ev)
	case *wire.Dropped:
		t.mark(&ev.Meta, '!', roleAnomaly)
		t.dropped(ev)
		t.end()
	}
	return flush(t.w, t.out)
}

// Close does nothing: the writer is its owner's.
func (t *text) Close() error { return nil }

// opened tells who connected to whom, and when: the times of an exchange
// count from its request, this is the clock they can be fixed to. Of a connection
// inside of another it tells where that is.
func (t *text) opened(ev *wire.Open) {
	t.note(&ev.Meta, ev.Start, "open")
	switch c := ev.Conn; {
	case c == nil:
	case c.Parent.Conn != nil:
		t.own(roleFaint, "  inside ")
		t.own(plain, inside(c))
		t.own(roleFaint, " by ")
		t.text(roleOperation, c.Via)
		if !sameEnds(c, c.Parent.Conn) {
			t.ends(c)
		}
	default:
		t.ends(c)
	}
	t.end()
}

// ends tells who is at both ends of a connection.
func (t *text) ends(c *wire.Conn) {
	t.own(plain, "  ")
	t.text(plain, c.Client.String())
	if p := c.Client.Process; p != nil && p.UID >= 0 {
		t.own(roleFaint, " uid ")
		t.int(plain, int64(p.UID))
	}
	t.own(roleFaint, " -> ")
	t.text(plain, c.Server.String())
}

// sameEnds reports whether two connections are between the same two.
func sameEnds(a, b *wire.Conn) bool {
	return a.Client.String() == b.Client.String() && a.Server.String() == b.Server.String()
}

// inside names what carries c: an exchange, or a connection as a whole.
func inside(c *wire.Conn) string {
	id := strconv.Itoa(c.Parent.Conn.ID)
	if c.Parent.Exchange == 0 {
		return id
	}
	return id + "." + strconv.Itoa(c.Parent.Exchange)
}

// closed tells how much the connection carried and why it ended.
func (t *text) closed(ev *wire.Close) {
	t.note(&ev.Meta, ev.End, "closed")
	t.own(plain, "  ")
	t.size(plain, ev.Bytes[wire.ToServer])
	t.own(roleFaint, " sent  ")
	t.size(plain, ev.Bytes[wire.ToClient])
	t.own(roleFaint, " received")
	if ev.Err != "" {
		t.own(plain, "  ")
		t.text(roleAnomaly, ev.Err)
	}
	t.end()
}

// note begins a line about the connection itself: what and when.
func (t *text) note(m *wire.Meta, at time.Time, what string) {
	t.mark(m, '*', roleNote)
	t.own(roleNote, what)
	if !at.IsZero() {
		t.own(roleTime, " "+at.In(t.o.zone()).Format(clock))
	}
}

// upgrade tells which protocol follows, and how that was known.
func (t *text) upgrade(ev *wire.Upgrade) {
	t.mark(&ev.Meta, '*', roleNote)
	t.own(roleNote, "upgraded to ")
	t.text(roleOperation, ev.Protocol)
	if ev.Content != wire.KindNone && ev.Content != wire.KindWebSocket {
		t.own(roleNote, ": ")
		t.own(plain, ev.Content.String())
	}
	if ev.Reason != "" {
		t.own(roleFaint, " (by ")
		t.text(roleFaint, ev.Reason)
		t.own(roleFaint, ")")
	}
	t.end()
}

// eof tells that one direction has ended.
func (t *text) eof(ev *wire.EOF) {
	t.markDir(&ev.Meta)
	if ev.Dir == wire.ToServer && ev.Exchange > 0 {
		t.own(roleFaint, "(end of input)")
	} else {
		t.own(roleFaint, "(end)")
	}
	t.end()
}

// anomaly adds which rule was broken and where.
func (p *page) anomaly(ev *wire.Anomaly) {
	p.text(roleAnomaly, ev.Code)
	p.own(roleFaint, " at byte ")
	p.int(plain, ev.Off)
	if ev.Dir == wire.ToServer {
		p.own(roleFaint, " from client")
	} else {
		p.own(roleFaint, " from server")
	}
	if ev.Detail != "" {
		p.own(plain, ": ")
		p.text(plain, ev.Detail)
	}
	switch {
	case ev.Lost > 0:
		p.own(plain, " (")
		p.size(plain, ev.Lost)
		p.own(plain, " not captured)")
	case ev.Lost < 0:
		p.own(plain, " (unknown number of bytes not captured)")
	}
}

// dropped adds how much is not shown here, or is not in the recording.
func (p *page) dropped(ev *wire.Dropped) {
	what, fate, output := "event", " not shown", "this output"
	if ev.Entries {
		what = "entry"
	}
	if ev.Recorded {
		fate, output = " not recorded", "the recording"
	}
	p.int(roleAnomaly, ev.Events)
	p.own(roleAnomaly, " "+plural(ev.Events, what)+fate)
	p.own(plain, ", ")
	p.size(plain, ev.Bytes)
	p.own(plain, " of data: "+output+" was too slow")
}
