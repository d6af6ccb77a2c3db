package har

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// private writes the member _socktrace: what HAR 1.2 has no place for and a
// reader needs to restore the exchange. Times are nanoseconds since
// startedDateTime; what is 0, or the same as before, is left out.
func (o *object) private(e *entry) {
	o.open("_socktrace", '{')
	o.int("exchange", int64(e.Exchange.Exchange))
	o.string("state", e.State.String())
	o.count("part", int64(e.part))
	o.optional("source", e.source)
	o.count("offset", e.Off)
	o.count("start", int64(e.Start.Sub(e.base)))
	o.since("end", e.End, e.base)
	o.since("first_byte", e.FirstByte, e.base)
	o.b = append(o.b, e.conn.peers...)
	if r := e.Request; r != nil {
		o.exact("target", r.Target)
		o.open("request", '{')
		o.place(e, &r.Meta)
		if httpVersion(r.Version) != r.Version {
			o.string("version", r.Version)
		}
		o.strings("masked", r.Masked)
		o.body(e, e.RequestBody, true)
		o.close('}')
	}
	o.interim(e)
	if r := e.Response; r != nil {
		o.open("response", '{')
		o.place(e, &r.Meta)
		if httpVersion(r.Version) != r.Version {
			o.string("version", r.Version)
		}
		if !utf8.ValidString(r.Reason) {
			o.exact("reason", r.Reason)
		}
		o.strings("masked", r.Masked)
		o.body(e, e.ResponseBody, false)
		o.close('}')
	}
	if u := e.Upgrade; u != nil {
		o.open("upgrade", '{')
		if u.Dir == wire.ToServer {
			o.string("type", direction(u.Dir))
		}
		o.place(e, &u.Meta)
		o.exact("protocol", u.Protocol)
		if u.Content != wire.ContentNone {
			o.string("content", u.Content.String())
		}
		o.optional("reason", u.Reason)
		o.close('}')
	}
	o.streams(&e.Streams)
	o.anomalies(e)
	o.ends(e)
	o.strings("masked", e.Masked)
	if c := e.closed; c != nil {
		o.open("close", '{')
		o.since("at", c.End, e.base)
		o.int("to_server", c.Bytes[wire.ToServer])
		o.int("to_client", c.Bytes[wire.ToClient])
		o.optional("error", c.Err)
		o.close('}')
	}
	o.close('}')
}

// since writes a time, if there is one.
func (o *object) since(key string, t, base time.Time) {
	if !t.IsZero() {
		o.int(key, int64(t.Sub(base)))
	}
}

// place writes where and when m was. It starts when the exchange did, and ends
// when it started, if it says nothing else.
func (o *object) place(e *entry, m *wire.Meta) {
	o.count("offset", m.Off)
	if !m.Start.Equal(e.Start) {
		o.since("start", m.Start, e.base)
	}
	if !m.End.Equal(m.Start) {
		o.since("end", m.End, e.base)
	}
}

// body writes what is known of a body and has no place elsewhere.
func (o *object) body(e *entry, b *wire.Body, request bool) {
	if b == nil {
		return
	}
	o.open("body", '{')
	o.place(e, &b.Meta)
	o.string("content", b.Content.String())
	o.optional("coding", b.Coding)
	if request {
		o.int("bytes", b.Bytes)
	}
	o.optional("digest", b.Digest)
	o.flag("incomplete", !b.Complete)
	o.strings("masked", b.Masked)
	o.close('}')
}

// interim writes the 1xx responses.
func (o *object) interim(e *entry) {
	if len(e.Interim) == 0 {
		return
	}
	o.open("interim", '[')
	for _, r := range e.Interim {
		o.open("", '{')
		o.place(e, &r.Meta)
		o.int("status", int64(r.Status))
		o.exact("reason", r.Reason)
		o.string("version", r.Version)
		o.fields("headers", r.Fields)
		o.int("header_bytes", r.HeadBytes)
		o.strings("masked", r.Masked)
		o.close('}')
	}
	o.close(']')
}

// streams writes what went through each stream, by kind.
func (o *object) streams(stats *[wire.KindCount]wire.StreamStat) {
	if *stats == ([wire.KindCount]wire.StreamStat{}) {
		return
	}
	o.open("streams", '{')
	for k, s := range stats {
		if s == (wire.StreamStat{}) {
			continue
		}
		o.open(wire.Kind(k).String(), '{')
		o.int("frames", s.Frames)
		o.int("bytes", s.Bytes)
		o.close('}')
	}
	o.close('}')
}

// anomalies writes which rules the exchange broke.
func (o *object) anomalies(e *entry) {
	if len(e.Anomalies) == 0 {
		return
	}
	o.open("anomalies", '[')
	for _, a := range e.Anomalies {
		o.open("", '{')
		o.string("type", direction(a.Dir))
		o.string("code", a.Code)
		o.place(e, &a.Meta)
		o.exact("detail", a.Detail)
		o.count("lost", a.Lost)
		o.close('}')
	}
	o.close(']')
}

// ends writes when the directions of a stream ended.
func (o *object) ends(e *entry) {
	if len(e.eofs) == 0 {
		return
	}
	o.open("eof", '[')
	for _, ev := range e.eofs {
		o.open("", '{')
		o.string("type", direction(ev.Dir))
		o.place(e, &ev.Meta)
		o.close('}')
	}
	o.close(']')
}

// direction spells a direction as browsers do for WebSocket messages.
func direction(d wire.Dir) string {
	if d == wire.ToServer {
		return "send"
	}
	return "receive"
}

// streamMessages writes the messages that do not follow from a body: those of
// WebSockets in the form that browsers export, all others in one that differs
// from it only by telling a channel instead of an opcode.
func (o *object) streamMessages(e *entry) {
	opened := ""
	for _, key := range []string{"_streamMessages", "_webSocketMessages"} {
		for i := range e.messages.records {
			r := &e.messages.records[i]
			if (r.kind == wire.KindWebSocket) != (key == "_webSocketMessages") || e.messages.told(r, e.bodyOf(r.dir)) {
				continue
			}
			if opened != key {
				o.open(key, '[')
				opened = key
			}
			o.streamMessage(r, e.messages.bytes(r), e)
		}
		if opened == key {
			o.close(']')
		}
	}
	o.webSocketClose(e)
}

// bodyOf returns the body in direction d, if there is one.
func (e *entry) bodyOf(d wire.Dir) *wire.Body {
	if d == wire.ToServer {
		return e.RequestBody
	}
	return e.ResponseBody
}

func (o *object) streamMessage(r *record, data []byte, e *entry) {
	text := utf8.Valid(data)
	o.open("", '{')
	o.string("type", direction(r.dir))
	o.epoch("time", r.end)
	if r.kind == wire.KindWebSocket {
		o.int("opcode", int64(r.opcode))
		text = text && r.opcode == opText
	} else {
		o.string("channel", r.kind.String())
	}
	if text {
		o.text("data", data)
	} else {
		o.base64("data", data)
		if r.kind != wire.KindWebSocket || r.opcode == opText {
			o.string("encoding", "base64")
		}
	}
	o.count("index", int64(r.index))
	o.count("offset", r.off)
	if !r.start.Equal(r.end) {
		o.since("start", r.start, e.base)
	}
	if r.size != int64(len(data)) {
		o.int("size", r.size)
	}
	o.flag("truncated", r.truncated)
	o.strings("masked", r.masked)
	o.close('}')
}

// Opcodes of WebSocket messages (RFC 6455, section 5.2).
const (
	opText  = 1
	opClose = 8
)

// webSocketClose writes the first close frame that tells a code (RFC 6455,
// section 5.5.1), as HTTP Toolkit does.
func (o *object) webSocketClose(e *entry) {
	i := slices.IndexFunc(e.messages.records, func(r record) bool {
		return r.kind == wire.KindWebSocket && r.opcode == opClose && r.n >= 2
	})
	if i < 0 {
		return
	}
	r := &e.messages.records[i]
	data := e.messages.bytes(r)
	o.open("_webSocketClose", '{')
	o.int("code", int64(data[0])<<8|int64(data[1]))
	o.text("reason", data[2:])
	o.epoch("timestamp", r.end)
	o.close('}')
}
