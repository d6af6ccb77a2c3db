package render

import (
	"io"

	"github.com/socktrace/socktrace/wire"
)

// NewText returns a sink that shows heads, bodies and frames as they come. It
// makes at most one Write of w for each event, and does not close w. If heads are
// not shown in full, it holds back a line until what comes next, or Flush.
func NewText(w io.Writer, o Options) wire.Sink {
	t := &text{page: page{colors: newPalette(o.Color)}, w: w, o: o, calls: calls{open: make(map[section]*call)}}
	t.colors.ascii = o.ASCII
	if t.short() {
		return &shortText{t}
	}
	return t
}

// Needs is all but the whole of bodies: what messages do not show of them, the
// beginning does.
func (t *text) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true}
}

// Event shows one event, under the heading of its section if it is another than
// that of the line before.
func (t *text) Event(ev wire.Event, x *wire.Exchange) error {
	t.begin(t.o.width())
	if t.held.is && t.join(ev, x) {
		return flush(t.w, t.out)
	}
	before, last := len(t.out), t.at
	t.enter(ev, x)
	after := len(t.out)
	if t.show(ev, x); len(t.out) == after && !t.held.is {
		t.out, t.at = t.out[:before], last
	}
	if c, closes := ev.(*wire.Close); closes {
		t.story(c)
	}
	return flush(t.w, t.out)
}

// show adds the lines of one event.
func (t *text) show(ev wire.Event, x *wire.Exchange) {
	switch ev := ev.(type) {
	case *wire.Open:
		t.opened(ev)
	case *wire.TLS:
		t.shown.note(ev, t.colors)
		t.handshake(ev)
	case *wire.Request:
		t.asks(ev, x)
		t.request(ev)
	case *wire.Response:
		t.response(ev, x)
	case *wire.Message:
		t.message(ev, x)
	case *wire.Body:
		t.body(ev, x)
	case *wire.Upgrade:
		t.upgrade(ev)
	case *wire.EOF:
		t.eof(ev, x)
	case *wire.Anomaly:
		t.mark(&ev.Meta, '!', roleAnomaly)
		t.anomaly(ev)
		t.end()
	case *wire.Exchange:
		t.callEnds(&ev.Meta)
		t.exchange(ev)
		t.means(ev)
	case *wire.Close:
		t.closed(ev)
		t.shown.forget(&ev.Meta)
	case *wire.Dropped:
		t.mark(&ev.Meta, '!', roleAnomaly)
		t.dropped(ev)
		t.end()
	}
}

// Close does nothing: the writer is its owner's.
func (t *text) Close() error { return nil }

// shortText is text that may hold back a line.
type shortText struct{ *text }

// Flush shows the line that is held back.
func (t *shortText) Flush() error {
	t.begin(t.o.width())
	if t.held.is {
		t.release()
	}
	return flush(t.w, t.out)
}

// Close is Flush.
func (t *shortText) Close() error { return t.Flush() }
