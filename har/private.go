package har

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/about"
	"github.com/socktrace/socktrace/wire"
)

// private writes the member _socktrace: what HAR 1.2 has no place for and a
// reader needs to restore the exchange. Times are nanoseconds since
// startedDateTime; what is 0, or the same as before, is left out.
func (o *object) private(e *entry) {
	o.putInt(`,"_socktrace":{"exchange":`, int64(e.Exchange.Exchange))
	o.put(`,"state":"`)
	o.put(e.State.String())
	o.put(`"`)
	o.Count("part", int64(e.part))
	o.Count("offset", e.Off)
	o.Count("start", int64(e.Start.Sub(e.base)))
	o.since("end", e.End, e.base)
	o.since("first_byte", e.FirstByte, e.base)
	o.B = append(o.B, e.conn.peers...)
	o.tls(e.conn)
	if r := e.Request; r != nil {
		o.exact("target", r.Target)
		o.put(`,"request":{`)
		if r.Dir == wire.ToClient { // the server has pushed what it answers
			o.String("type", direction(r.Dir))
		}
		o.place(e, &r.Meta)
		if httpVersion(r.Version) != r.Version {
			o.String("version", r.Version)
		}
		o.stream(r)
		o.Strings("masked", r.Masked)
		o.body(e, e.RequestBody, true)
		o.Close('}')
	}
	o.interim(e)
	if r := e.Response; r != nil {
		o.put(`,"response":{`)
		o.place(e, &r.Meta)
		if httpVersion(r.Version) != r.Version {
			o.String("version", r.Version)
		}
		if !utf8.ValidString(r.Reason) {
			o.exact("reason", r.Reason)
		}
		o.Strings("masked", r.Masked)
		o.body(e, e.ResponseBody, false)
		o.Close('}')
	}
	if u := e.Upgrade; u != nil {
		o.Open("upgrade", '{')
		if u.Dir == wire.ToServer {
			o.String("type", direction(u.Dir))
		}
		o.place(e, &u.Meta)
		o.exact("protocol", u.Protocol)
		if u.Content != wire.KindNone {
			o.String("content", u.Content.String())
		}
		o.Optional("reason", u.Reason)
		o.Close('}')
	}
	o.headless(e)
	o.streams(&e.Streams)
	o.anomalies(e)
	if r := e.Reset; r != nil {
		o.Open("reset", '{')
		o.String("type", direction(r.Dir))
		o.Int("code", int64(r.Code))
		o.Close('}')
	}
	o.ends(e)
	about.Write(&o.Writer, e.Exchange)
	o.Strings("masked", e.Masked)
	if c := e.closed; c != nil {
		o.Open("close", '{')
		o.since("at", c.End, e.base)
		o.Int("to_server", c.Bytes[wire.ToServer])
		o.Int("to_client", c.Bytes[wire.ToClient])
		o.Optional("error", c.Err)
		o.Close('}')
	}
	o.dropped(e.dropped)
	o.Close('}')
}

// since writes a time, if there is one.
func (o *object) since(key string, t, base time.Time) {
	if !t.IsZero() {
		o.Int(key, int64(t.Sub(base)))
	}
}

// place writes where and when m was. It starts when the exchange did, and ends
// when it started, if it says nothing else.
func (o *object) place(e *entry, m *wire.Meta) {
	o.Count("offset", m.Off)
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
	o.Open("body", '{')
	o.bodyNote(e, b, request)
	o.Close('}')
}

// bodyNote writes the members of what is known of a body; sized says that its size has
// no place elsewhere.
func (o *object) bodyNote(e *entry, b *wire.Body, sized bool) {
	o.place(e, &b.Meta)
	o.String("content", b.Content.String())
	o.Optional("coding", b.Coding)
	if sized {
		o.Int("bytes", b.Bytes)
	}
	o.Optional("digest", b.Digest)
	about.WriteFiles(&o.Writer, b.Files)
	o.Flag("incomplete", !b.Complete)
	o.Strings("masked", b.Masked)
}

// stream writes what HTTP/2 says of a request and its header fields may not tell.
func (o *object) stream(r *wire.Request) {
	if r.Stream == 0 {
		return
	}
	o.Int("stream", int64(r.Stream))
	o.exact("scheme", r.Scheme)
	o.exact("authority", r.Authority)
}

// interim writes the 1xx responses.
func (o *object) interim(e *entry) {
	if len(e.Interim) == 0 {
		return
	}
	o.Open("interim", '[')
	for _, r := range e.Interim {
		o.Open("", '{')
		o.place(e, &r.Meta)
		o.Int("status", int64(r.Status))
		o.exact("reason", r.Reason)
		o.String("version", r.Version)
		o.fields("headers", r.Fields)
		o.Int("header_bytes", r.HeadBytes)
		o.Strings("masked", r.Masked)
		o.Close('}')
	}
	o.Close(']')
}

// streams writes what went through each stream, by kind.
func (o *object) streams(stats *[wire.KindCount]wire.StreamStat) {
	if *stats == ([wire.KindCount]wire.StreamStat{}) {
		return
	}
	o.Open("streams", '{')
	for k, s := range stats {
		if s == (wire.StreamStat{}) {
			continue
		}
		o.Open(wire.Kind(k).String(), '{')
		o.Int("frames", s.Frames)
		o.Int("bytes", s.Bytes)
		o.Close('}')
	}
	o.Close('}')
}

// anomalies writes which rules the exchange broke.
func (o *object) anomalies(e *entry) {
	if len(e.Anomalies) == 0 {
		return
	}
	o.Open("anomalies", '[')
	for _, a := range e.Anomalies {
		o.Open("", '{')
		o.String("type", direction(a.Dir))
		o.String("code", a.Code)
		o.place(e, &a.Meta)
		o.exact("detail", a.Detail)
		o.Count("lost", a.Lost)
		o.Close('}')
	}
	o.Close(']')
}

// ends writes when the directions of a stream ended.
func (o *object) ends(e *entry) {
	if len(e.eofs) == 0 {
		return
	}
	o.Open("eof", '[')
	for _, ev := range e.eofs {
		o.Open("", '{')
		o.String("type", direction(ev.Dir))
		o.place(e, &ev.Meta)
		o.Close('}')
	}
	o.Close(']')
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
				o.Open(key, '[')
				opened = key
			}
			o.streamMessage(r, e.messages.bytes(r), e)
		}
		if opened == key {
			o.Close(']')
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
	text := utf8.Valid(data) && !mostlyEscaped(data)
	o.Open("", '{')
	o.String("type", direction(r.dir))
	o.epoch("time", r.end)
	if r.kind == wire.KindWebSocket {
		o.Int("opcode", int64(r.opcode))
		text = text && r.opcode == wire.OpText
	} else {
		o.String("channel", r.kind.String())
	}
	if r.name != "" {
		o.exact("name", r.name)
	}
	o.Optional("messageType", r.typ)
	if text {
		o.Text("data", data)
	} else {
		o.Base64("data", data)
		if r.kind != wire.KindWebSocket || r.opcode == wire.OpText {
			o.String("encoding", "base64")
		}
	}
	o.Count("index", int64(r.index))
	o.Count("offset", r.off)
	if !r.start.Equal(r.end) {
		o.since("start", r.start, e.base)
	}
	if r.size != int64(len(data)) {
		o.Int("size", r.size)
	}
	o.Flag("truncated", r.truncated)
	o.Strings("masked", r.masked)
	o.Close('}')
}

// webSocketClose writes the first close frame that tells a code (RFC 6455,
// section 5.5.1), as HTTP Toolkit does.
func (o *object) webSocketClose(e *entry) {
	i := slices.IndexFunc(e.messages.records, func(r record) bool {
		return r.kind == wire.KindWebSocket && r.opcode == wire.OpClose && r.n >= 2
	})
	if i < 0 {
		return
	}
	r := &e.messages.records[i]
	data := e.messages.bytes(r)
	o.Open("_webSocketClose", '{')
	o.Int("code", int64(data[0])<<8|int64(data[1]))
	o.Text("reason", data[2:])
	o.epoch("timestamp", r.end)
	o.Close('}')
}

// mostlyEscaped reports whether so many bytes of b are control characters that their
// escapes, of six bytes each, would be longer than base64.
func mostlyEscaped(b []byte) bool {
	n := 0
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			n++
		}
	}
	return n > len(b)/8
}
