package render

import (
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/about"
	"github.com/socktrace/socktrace/wire"
)

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
