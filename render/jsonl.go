package render

import (
	"io"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/about"
	"github.com/socktrace/socktrace/internal/handshake"
	"github.com/socktrace/socktrace/wire"
)

// jsonl writes one JSON object a line for each event. docs/jsonl.md describes
// every field. The contract: event is first, then time, conn, exchange; what
// there is not is absent, never null; a line is ASCII-safe for a terminal.
type jsonl struct {
	w    io.Writer
	body int64
	out  object
}

// NewJSONL returns a sink that writes JSON lines, with at most so many bytes of
// each body. It makes one Write of w for each event, and does not close w.
func NewJSONL(w io.Writer, body int64) wire.Sink { return &jsonl{w: w, body: body} }

// Needs is everything there is.
func (j *jsonl) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: j.body, Digest: true}
}

// Close does nothing: the writer is its owner's.
func (j *jsonl) Close() error { return nil }

// Event writes one event.
func (j *jsonl) Event(ev wire.Event, _ *wire.Exchange) error {
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

// begin starts the object of an event: start is all up to its time.
func (o *object) begin(start string, m *wire.Meta) {
	o.latin1 = o.latin1[:0]
	o.moment(append(o.B, start...), eventTime(m))
	if m.Conn != nil {
		o.B = strconv.AppendInt(append(o.B, `,"conn":`...), int64(m.Conn.ID), 10)
	}
	if m.Exchange > 0 {
		o.B = strconv.AppendInt(append(o.B, `,"exchange":`...), int64(m.Exchange), 10)
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
	o.Word("dir", m.Dir.String())
	o.Int("offset", m.Off)
	if !m.Start.IsZero() && !m.Start.Equal(m.End) {
		o.time("start", m.Start)
	}
}

// connection writes both ends of a connection, and what it travels in.
func (o *object) connection(c *wire.Conn) {
	if c == nil {
		return
	}
	o.peer("client", c.Client)
	o.peer("server", c.Server)
	if p := c.Parent; p.Conn != nil {
		o.Open("parent", '{')
		o.Int("conn", int64(p.Conn.ID))
		if p.Exchange > 0 {
			o.Int("exchange", int64(p.Exchange))
		}
		o.Close('}')
	}
	o.Optional("via", c.Via)
	o.Flag("reversed", c.Reversed)
}

// peer writes one end of a connection, if anything is known of it.
func (o *object) peer(key string, p wire.Peer) {
	if p.Addr == "" && p.Process == nil {
		return
	}
	o.Open(key, '{')
	o.Optional("addr", p.Addr)
	if p.Process != nil {
		o.Int("pid", int64(p.Process.PID))
		if p.Process.UID >= 0 {
			o.Int("uid", int64(p.Process.UID))
		}
		o.Optional("name", p.Process.Name)
	}
	o.Close('}')
}

// requestLine writes what is in a request line.
func (o *object) requestLine(r *wire.Request) {
	o.sent("method", r.Method)
	o.sent("target", r.Target)
	o.sentOptional("version", r.Version)
	o.Count("stream", int64(r.Stream))
	o.sentOptional("scheme", r.Scheme)
	o.sentOptional("authority", r.Authority)
}

// statusLine writes what is in a status line.
func (o *object) statusLine(r *wire.Response) {
	o.sentOptional("version", r.Version)
	o.Int("status", int64(r.Status))
	o.sentOptional("reason", r.Reason)
}

// head writes fields and the size of a head.
func (o *object) head(fields []wire.Field, size int64) {
	o.fields("headers", fields)
	o.Int("header_bytes", size)
}

// message writes one unit: a JSON value as it is, text, or bytes.
func (o *object) message(m *wire.Message) {
	o.Word("kind", m.Kind.String())
	if m.Kind == wire.KindWebSocket {
		o.Int("opcode", int64(m.Opcode))
	}
	o.sentOptional("name", m.Name)
	o.Optional("type", m.Type)
	o.Int("index", int64(m.Index))
	o.Int("size", m.Size)
	o.Count("missing", m.Missing)
	if !m.Kind.IsJSON() || !o.JSON("json", m.Data) {
		o.data(&messageKeys, m.Data, m.Truncated)
	}
	o.Flag("truncated", m.Truncated)
	o.Strings("masked", m.Masked)
}

// body writes what is known of a body but its bytes.
func (o *object) body(b *wire.Body) {
	o.content(b.Content)
	o.sentOptional("coding", b.Coding)
	o.Int("wire_bytes", b.WireBytes)
	o.Int("body_bytes", b.Bytes)
	o.Optional("digest", b.Digest)
	about.WriteFiles(&o.Writer, b.Files)
	o.Flag("truncated", b.Truncated)
	o.Flag("incomplete", !b.Complete)
	if len(b.Trailer) > 0 {
		o.fields("trailers", b.Trailer)
	}
}

// content writes how a body or stream was understood, if it was.
func (o *object) content(c wire.Kind) {
	if c != wire.KindNone {
		o.Word("content", c.String())
	}
}

// anomaly writes what broke a rule, and where.
func (o *object) anomaly(a *wire.Anomaly) {
	o.String("code", a.Code)
	o.Int("offset", a.Off)
	o.sentOptional("detail", a.Detail)
	if a.Lost != 0 {
		o.Int("lost", a.Lost)
	}
}
