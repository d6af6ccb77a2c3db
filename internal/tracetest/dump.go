package tracetest

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// dataShown is how many bytes of a message or a body a dump quotes; of longer
// data it tells the length and a checksum besides, so that dumps differ if
// the data do.
const dataShown = 256

// Dump returns ev as text without a line end at its end: one line, and one
// more, indented, for each header or trailer field. It begins with the
// numbers of the connection and the exchange, the direction, the offset, and
// the times since the connection began, as in
//
//	1.2 < @287 +1.1ms..+1.3ms json[0] 3B "[]\n"
//
// How many pieces a stream without borders of its own came in is left out.
func Dump(ev wire.Event) string { return string(appendDump(nil, ev)) }

// DumpAll returns the dumps of evs, each with a line end.
func DumpAll(evs []wire.Event) string {
	var b []byte
	for _, ev := range evs {
		b = append(appendDump(b, ev), '\n')
	}
	return string(b)
}

func appendDump(b []byte, ev wire.Event) []byte {
	m := ev.EventMeta()
	b = appendMeta(b, m)
	switch ev := ev.(type) {
	case *wire.Open:
		b = fmt.Appendf(b, "open client=%v server=%v", m.Conn.Client, m.Conn.Server)
		if p := m.Conn.Parent; p.Conn != nil {
			b = fmt.Appendf(b, " parent=%d.%d via=%s", p.Conn.ID, p.Exchange, word(m.Conn.Via))
		}
	case *wire.TLS:
		b = fmt.Appendf(b, "tls peer=%s %q %q name=%q alpn=%q of %q resumed=%t client=%v server=%v opaque=%q", word(ev.Peer), ev.Version, ev.Cipher,
			ev.ServerName, ev.Protocol, ev.Offered, ev.Resumed, ev.Client, ev.Server, ev.Opaque)
	case *wire.Request:
		b = appendRequest(b, ev)
	case *wire.Response:
		b = appendResponse(b, ev)
	case *wire.Message:
		b = appendMessage(b, ev)
	case *wire.Body:
		b = append(b, "body "...)
		b = appendBody(b, ev)
		b = appendFields(b, ev.Trailer)
	case *wire.Upgrade:
		b = fmt.Appendf(b, "upgrade %q content=%v reason=%q", ev.Protocol, ev.Content, ev.Reason)
	case *wire.EOF:
		b = append(b, "eof"...)
	case *wire.Anomaly:
		b = fmt.Appendf(b, "anomaly %s lost=%d %q", ev.Code, ev.Lost, ev.Detail)
	case *wire.Exchange:
		b = appendExchange(b, ev)
	case *wire.Close:
		b = fmt.Appendf(b, "close to_server=%d to_client=%d err=%q", ev.Bytes[wire.ToServer], ev.Bytes[wire.ToClient], ev.Err)
	case *wire.Dropped:
		b = fmt.Appendf(b, "dropped events=%d bytes=%d", ev.Events, ev.Bytes)
	default:
		b = fmt.Appendf(b, "%T", ev)
	}
	return b
}

func appendMeta(b []byte, m *wire.Meta) []byte {
	id := 0
	if m.Conn != nil {
		id = m.Conn.ID
	}
	b = strconv.AppendInt(b, int64(id), 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(m.Exchange), 10)
	b = append(b, ' ', "><"[m.Dir&1], ' ', '@')
	b = strconv.AppendInt(b, m.Off, 10)
	b = append(b, ' ')
	b = appendTime(b, m.Conn, m.Start)
	if !m.End.Equal(m.Start) {
		b = append(b, ".."...)
		b = appendTime(b, m.Conn, m.End)
	}
	return append(b, ' ')
}

// appendTime appends t as "+12ms" since the start of conn; "-" if t is zero.
func appendTime(b []byte, conn *wire.Conn, t time.Time) []byte {
	switch {
	case t.IsZero():
		return append(b, '-')
	case conn == nil:
		return t.UTC().AppendFormat(b, time.RFC3339Nano)
	}
	b = append(b, '+')
	return append(b, t.Sub(conn.Start).String()...)
}

func appendRequest(b []byte, r *wire.Request) []byte {
	b = fmt.Appendf(b, "request %s %s %s head=%d", word(r.Method), word(r.Target), word(r.Version), r.HeadBytes)
	if r.Stream != 0 {
		b = fmt.Appendf(b, " stream=%d scheme=%s authority=%s", r.Stream, word(r.Scheme), word(r.Authority))
	}
	if r.Call.Operation != "" {
		b = append(append(b, " op="...), r.Call.Operation...)
	}
	return appendFields(appendMasked(b, r.Masked), r.Fields)
}

func appendResponse(b []byte, r *wire.Response) []byte {
	b = fmt.Appendf(b, "response %s %d %q head=%d", word(r.Version), r.Status, r.Reason, r.HeadBytes)
	if r.Interim {
		b = append(b, " interim"...)
	}
	return appendFields(appendMasked(b, r.Masked), r.Fields)
}

func appendMessage(b []byte, m *wire.Message) []byte {
	b = append(b, m.Kind.String()...)
	if !borderless(m.Kind) {
		b = append(b, '[')
		b = strconv.AppendInt(b, int64(m.Index), 10)
		b = append(b, ']')
	}
	if m.Kind == wire.KindWebSocket {
		b = fmt.Appendf(b, " opcode=%d", m.Opcode)
	}
	if m.Name != "" {
		b = fmt.Appendf(b, " name=%q", m.Name)
	}
	if m.Type != "" {
		b = fmt.Appendf(b, " type=%s", m.Type)
	}
	b = append(b, ' ')
	b = strconv.AppendInt(b, m.Size, 10)
	b = append(b, "B "...)
	b = appendData(b, m.Data)
	if m.Truncated {
		b = append(b, " truncated"...)
	}
	return appendMasked(b, m.Masked)
}

func appendBody(b []byte, body *wire.Body) []byte {
	b = fmt.Appendf(b, "%v wire=%d bytes=%d ", body.Content, body.WireBytes, body.Bytes)
	if body.Coding != "" {
		b = fmt.Appendf(b, "coding=%q ", body.Coding)
	}
	if body.Digest != "" {
		b = append(append(b, body.Digest...), ' ')
	}
	if f := body.Files; f != nil {
		b = fmt.Appendf(b, "files=%d others=%d carried=%d listed=%d largest=%q %d role=%q ", f.Files, f.Others, f.Bytes, f.Listed, f.Largest, f.Most, f.Role)
	}
	b = appendData(b, body.Data)
	if body.Truncated {
		b = append(b, " truncated"...)
	}
	if !body.Complete {
		b = append(b, " incomplete"...)
	}
	return appendMasked(b, body.Masked)
}

func appendExchange(b []byte, x *wire.Exchange) []byte {
	b = append(append(b, "exchange "...), x.State.String()...)
	if x.Outcome.Left {
		b = append(b, " left"...)
	}
	if x.Reset != nil {
		b = fmt.Appendf(b, " reset=%v:%d", x.Reset.Dir, x.Reset.Code)
	}
	if !x.FirstByte.IsZero() {
		b = append(b, " first_byte="...)
		b = appendTime(b, x.Conn, x.FirstByte)
	}
	if x.Upgrade != nil {
		b = fmt.Appendf(b, " upgrade=%q", x.Upgrade.Protocol)
	}
	for k, s := range x.Streams {
		switch {
		case s == (wire.StreamStat{}):
		case borderless(wire.Kind(k)):
			b = fmt.Appendf(b, " %v=%dB", wire.Kind(k), s.Bytes)
		default:
			b = fmt.Appendf(b, " %v=%d/%dB", wire.Kind(k), s.Frames, s.Bytes)
		}
	}
	b = appendMasked(b, x.Masked)
	if x.Request != nil {
		b = fmt.Appendf(b, "\n    request @%d %s %s fields=%d", x.Request.Off, word(x.Request.Method), word(x.Request.Target), len(x.Request.Fields))
	}
	if x.RequestBody != nil {
		b = appendBody(fmt.Appendf(b, "\n    request body @%d ", x.RequestBody.Off), x.RequestBody)
	}
	for _, r := range x.Interim {
		b = fmt.Appendf(b, "\n    interim @%d %d fields=%d", r.Off, r.Status, len(r.Fields))
	}
	if x.Response != nil {
		b = fmt.Appendf(b, "\n    response @%d %d %q fields=%d", x.Response.Off, x.Response.Status, x.Response.Reason, len(x.Response.Fields))
	}
	if x.ResponseBody != nil {
		b = appendBody(fmt.Appendf(b, "\n    response body @%d ", x.ResponseBody.Off), x.ResponseBody)
	}
	for _, a := range x.Anomalies {
		b = fmt.Appendf(b, "\n    anomaly %s @%d", a.Code, a.Off)
	}
	return b
}

// appendFields appends each field in a line of its own: its line as sent if
// that is all there is to say. In HTTP/2 there are no lines.
func appendFields(b []byte, fields []wire.Field) []byte {
	for _, f := range fields {
		b = append(b, "\n    "...)
		if f.Line == "" && !f.Masked {
			b = fmt.Appendf(b, "%q: %q", f.Name, f.Value)
			continue
		}
		if f.Line == f.Name+": "+f.Value {
			b = strconv.AppendQuote(b, f.Line)
			continue
		}
		b = fmt.Appendf(b, "%q: %q line=%q", f.Name, f.Value, f.Line)
	}
	return b
}

func appendMasked(b []byte, names []string) []byte {
	if len(names) == 0 {
		return b
	}
	return append(append(b, " masked="...), strings.Join(names, ",")...)
}

func appendData(b, data []byte) []byte {
	if len(data) <= dataShown {
		return strconv.AppendQuote(b, string(data))
	}
	b = strconv.AppendQuote(b, string(data[:dataShown]))
	return fmt.Appendf(b, "…%dB crc32=%08x", len(data), crc32.ChecksumIEEE(data))
}

// word returns s, quoted if it does not read as one word.
func word(s string) string {
	q := strconv.Quote(s)
	if s == "" || len(q) != len(s)+2 || strings.ContainsRune(s, ' ') {
		return q
	}
	return s
}
