package render

import (
	"io"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// jsonl writes one JSON object a line for each event. docs/jsonl.md describes
// every field. The contract: event is first, then time, conn, exchange; what
// there is not is absent, never null; a line is ASCII-safe for a terminal.
type jsonl struct {
	w   io.Writer
	out object
}

// NewJSONL returns a sink that writes JSON lines. It makes one Write of w for
// each event, and does not close w.
func NewJSONL(w io.Writer) wire.Sink { return &jsonl{w: w} }

// Close does nothing: the writer is its owner's.
func (j *jsonl) Close() error { return nil }

// Event writes one event.
func (j *jsonl) Event(ev wire.Event) error {
	o := &j.out
	o.b = recycle(o.b)
	switch ev := ev.(type) {
	case *wire.Open:
		o.begin("open", &ev.Meta)
		o.peers(ev.Conn)
	case *wire.Request:
		o.begin("request", &ev.Meta)
		o.place(&ev.Meta)
		o.requestLine(ev)
		o.optional("operation", ev.Operation)
		o.head(ev.Fields, ev.HeadBytes)
		o.strings("masked", ev.Masked)
	case *wire.Response:
		o.begin("response", &ev.Meta)
		o.place(&ev.Meta)
		o.statusLine(ev)
		o.head(ev.Fields, ev.HeadBytes)
		o.flag("interim", ev.Interim)
		o.strings("masked", ev.Masked)
	case *wire.Message:
		o.begin("message", &ev.Meta)
		o.place(&ev.Meta)
		o.message(ev)
	case *wire.Body:
		o.begin("body", &ev.Meta)
		o.place(&ev.Meta)
		o.body(ev)
		o.strings("masked", ev.Masked)
	case *wire.Upgrade:
		o.begin("upgrade", &ev.Meta)
		o.string("protocol", ev.Protocol)
		o.content(ev.Content)
		o.optional("reason", ev.Reason)
	case *wire.EOF:
		o.begin("eof", &ev.Meta)
		o.place(&ev.Meta)
	case *wire.Anomaly:
		o.begin("anomaly", &ev.Meta)
		o.string("dir", ev.Dir.String())
		o.anomaly(ev)
	case *wire.Exchange:
		o.begin("exchange", &ev.Meta)
		o.exchange(ev)
	case *wire.Close:
		o.begin("close", &ev.Meta)
		o.int("bytes_to_server", ev.Bytes[wire.ToServer])
		o.int("bytes_to_client", ev.Bytes[wire.ToClient])
		o.optional("error", ev.Err)
	case *wire.Dropped:
		o.begin("dropped", &ev.Meta)
		o.int("events", ev.Events)
		o.int("bytes", ev.Bytes)
	default:
		return nil
	}
	o.b = append(o.b, '}', '\n')
	return flush(j.w, o.b)
}

// begin starts the object of an event.
func (o *object) begin(event string, m *wire.Meta) {
	o.b = append(o.b, '{')
	o.string("event", event)
	o.time("time", eventTime(m))
	if m.Conn != nil {
		o.int("conn", int64(m.Conn.ID))
	}
	if m.Exchange > 0 {
		o.int("exchange", int64(m.Exchange))
	}
}

// eventTime returns when the event was complete.
func eventTime(m *wire.Meta) time.Time {
	switch {
	case !m.End.IsZero():
		return m.End
	case !m.Start.IsZero() || m.Conn == nil:
		return m.Start
	}
	return m.Conn.Start
}

// place writes where the bytes of the event were, and since when.
func (o *object) place(m *wire.Meta) {
	o.string("dir", m.Dir.String())
	o.int("offset", m.Off)
	if !m.Start.IsZero() && !m.Start.Equal(m.End) {
		o.time("start", m.Start)
	}
}

// peers writes both ends of a connection.
func (o *object) peers(c *wire.Conn) {
	if c == nil {
		return
	}
	o.peer("client", c.Client)
	o.peer("server", c.Server)
}

// peer writes one end of a connection, if anything is known of it.
func (o *object) peer(key string, p wire.Peer) {
	if p.Addr == "" && p.Process == nil {
		return
	}
	o.open(key, '{')
	o.optional("addr", p.Addr)
	if p.Process != nil {
		o.int("pid", int64(p.Process.PID))
		if p.Process.UID >= 0 {
			o.int("uid", int64(p.Process.UID))
		}
		o.optional("name", p.Process.Name)
	}
	o.close('}')
}

// requestLine writes what is in a request line.
func (o *object) requestLine(r *wire.Request) {
	o.string("method", r.Method)
	o.string("target", r.Target)
	o.optional("version", r.Version)
}

// statusLine writes what is in a status line.
func (o *object) statusLine(r *wire.Response) {
	o.optional("version", r.Version)
	o.int("status", int64(r.Status))
	o.optional("reason", r.Reason)
}

// head writes fields and the size of a head.
func (o *object) head(fields []wire.Field, size int64) {
	o.fields("headers", fields)
	o.int("header_bytes", size)
}

// message writes one unit: a JSON value as it is, text, or bytes.
func (o *object) message(m *wire.Message) {
	o.string("kind", m.Kind.String())
	if m.Kind == wire.KindWebSocket {
		o.int("opcode", int64(m.Opcode))
	}
	o.int("index", int64(m.Index))
	o.int("size", m.Size)
	if m.Kind != wire.KindJSON || !o.json("json", m.Data) {
		o.data("text", "base64", m.Data, m.Truncated)
	}
	o.flag("truncated", m.Truncated)
	o.strings("masked", m.Masked)
}

// body writes what is known of a body but its bytes.
func (o *object) body(b *wire.Body) {
	o.content(b.Content)
	o.optional("coding", b.Coding)
	o.int("wire_bytes", b.WireBytes)
	o.int("body_bytes", b.Bytes)
	o.optional("digest", b.Digest)
	o.flag("truncated", b.Truncated)
	o.flag("incomplete", !b.Complete)
	if len(b.Trailer) > 0 {
		o.fields("trailers", b.Trailer)
	}
}

// content writes how a body or stream was understood, if it was.
func (o *object) content(c wire.Content) {
	if c != wire.ContentNone {
		o.string("content", c.String())
	}
}

// anomaly writes what broke a rule, and where.
func (o *object) anomaly(a *wire.Anomaly) {
	o.string("code", a.Code)
	o.int("offset", a.Off)
	o.optional("detail", a.Detail)
	if a.Lost != 0 {
		o.int("lost", a.Lost)
	}
}
