package render

import (
	"io"

	"github.com/socktrace/socktrace/internal/handshake"
	"github.com/socktrace/socktrace/wire"
)

// jsonl writes one JSON object a line for each event. docs/jsonl.md describes
// every field. The contract: event is first, then time, conn, exchange; what
// there is not is absent, never null; a line is ASCII-safe for a terminal.
type jsonl struct {
	w      io.Writer
	body   int64
	events Events
	out    object
}

// NewJSONL returns a sink that writes JSON lines of some kinds of events, with at most so
// many bytes of each body. It makes one Write of w for each event, and does not close w.
func NewJSONL(w io.Writer, body int64, events Events) wire.Sink {
	return &jsonl{w: w, body: body, events: events}
}

// Needs is what the events have in them.
func (j *jsonl) Needs() wire.Needs { return j.events.needs(j.body) }

// Close does nothing: the writer is its owner's.
func (j *jsonl) Close() error { return nil }

// Event writes one event.
func (j *jsonl) Event(ev wire.Event, _ *wire.Exchange) error {
	if !j.events.wants(ev) {
		return nil
	}
	o := &j.out
	o.B = recycle(o.B)
	switch ev := ev.(type) {
	case *wire.Open:
		o.begin(`{"event":"open","time":`, &ev.Meta)
		o.connection(ev.Conn)
	case *wire.TLS:
		o.begin(`{"event":"tls","time":`, &ev.Meta)
		o.place(&ev.Meta)
		handshake.Write(&o.Writer, ev)
	case *wire.Request:
		o.begin(`{"event":"request","time":`, &ev.Meta)
		o.place(&ev.Meta)
		o.requestLine(ev)
		o.Optional("operation", ev.Call.Operation)
		o.head(ev.Fields, ev.HeadBytes)
		o.Strings("masked", ev.Masked)
		o.lines("header_lines", ev.Fields, inferred{masked: ev.Masked, prefix: "request.headers.", lines: hasLines(ev.Version)})
	case *wire.Response:
		o.begin(`{"event":"response","time":`, &ev.Meta)
		o.place(&ev.Meta)
		o.statusLine(ev)
		o.head(ev.Fields, ev.HeadBytes)
		o.Flag("interim", ev.Interim)
		o.Strings("masked", ev.Masked)
		o.lines("header_lines", ev.Fields, inferred{masked: ev.Masked, prefix: "response.headers.", lines: hasLines(ev.Version)})
	case *wire.Message:
		o.begin(`{"event":"message","time":`, &ev.Meta)
		o.place(&ev.Meta)
		o.message(ev)
	case *wire.Body:
		o.begin(`{"event":"body","time":`, &ev.Meta)
		o.place(&ev.Meta)
		o.body(ev)
		o.Strings("masked", ev.Masked)
		o.bodyExact(ev)
	case *wire.Upgrade:
		o.begin(`{"event":"upgrade","time":`, &ev.Meta)
		o.sent("protocol", ev.Protocol)
		o.content(ev.Content)
		o.Optional("reason", ev.Reason)
	case *wire.EOF:
		o.begin(`{"event":"eof","time":`, &ev.Meta)
		o.place(&ev.Meta)
	case *wire.Anomaly:
		o.begin(`{"event":"anomaly","time":`, &ev.Meta)
		o.Word("dir", ev.Dir.String())
		o.anomaly(ev)
	case *wire.Exchange:
		o.begin(`{"event":"exchange","time":`, &ev.Meta)
		o.exchange(ev)
		o.latin1 = o.latin1[:0] // its parts have told
	case *wire.Close:
		o.begin(`{"event":"close","time":`, &ev.Meta)
		o.Int("bytes_to_server", ev.Bytes[wire.ToServer])
		o.Int("bytes_to_client", ev.Bytes[wire.ToClient])
		o.Optional("error", ev.Err)
		o.Flag("stopped", ev.Stopped && ev.Err != wire.ErrStopped.Error())
		o.story(ev.Story)
	case *wire.Dropped:
		o.begin(`{"event":"dropped","time":`, &ev.Meta)
		o.Int("events", ev.Events)
		o.Int("bytes", ev.Bytes)
		o.Flag("entries", ev.Entries)
	default:
		return nil
	}
	o.Strings("latin1", o.latin1)
	o.B = append(o.B, '}', '\n')
	return flush(j.w, o.B)
}
