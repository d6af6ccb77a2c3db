package har

import (
	"encoding/json"
	"math"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// foreign returns what an entry of another program tells. l numbers its
// exchanges and says where in the connection it may have been.
func foreign(e *Entry, l *link) *telling {
	l.begun++
	start := startOf(e)
	x := &wire.Exchange{Meta: wire.Meta{Conn: l.conn, Exchange: l.begun, Dir: wire.ToServer, Off: l.bytes[wire.ToServer], Start: start}}
	t := phasesOf(e, start)
	x.End = t.end
	x.Request = foreignRequest(&e.Request, x.Meta, t)
	x.RequestBody = foreignRequestBody(&e.Request, x.Request, t)
	if e.Response.Status > 0 {
		m := x.Meta
		m.Dir, m.Off, m.Start, m.End = wire.ToClient, l.bytes[wire.ToClient], t.first, t.first
		x.FirstByte = t.first
		x.Response = foreignResponse(&e.Response, m)
		x.ResponseBody = foreignResponseBody(&e.Response, x.Response, t)
	} else {
		x.State = wire.StateAborted
	}
	r := &restorer{trace: &trace{base: start}, e: e, x: x}
	tell := &telling{x: x, messages: r.messages()}
	if x.Response != nil && x.Response.Status == 101 {
		x.Upgrade = &wire.Upgrade{Meta: x.Response.Meta, Protocol: strings.ToLower(wire.FieldValue(x.Response.Fields, "Upgrade"))}
		if len(tell.messages) > 0 {
			x.Upgrade.Content = wire.KindWebSocket
		}
	}
	indexMessages(x, tell.messages)
	return tell
}

// indexMessages numbers messages, and counts them.
func indexMessages(x *wire.Exchange, all []*wire.Message) {
	var n [2]int
	for _, m := range all {
		m.Index = n[m.Dir&1]
		n[m.Dir&1]++
		x.Streams[m.Kind].Frames++
		x.Streams[m.Kind].Bytes += m.Size
		if m.End.IsZero() {
			m.Start, m.End = x.End, x.End
		}
	}
}

// moments of an exchange.
type moments struct{ sent, first, end time.Time }

// phasesOf returns when what happened, by the timings of e. What is missing
// took no time.
func phasesOf(e *Entry, start time.Time) moments {
	at := start
	after := func(ms ...float64) time.Time {
		for _, d := range ms {
			if d > 0 && d < math.MaxInt64/float64(time.Millisecond) {
				at = at.Add(time.Duration(d * float64(time.Millisecond)))
			}
		}
		return at
	}
	t := &e.Timings
	var m moments
	m.sent = after(t.Blocked, t.DNS, t.Connect, t.Send)
	m.first = after(t.Wait)
	m.end = after(t.Receive)
	if m.end.Equal(start) {
		m.end = after(e.Time)
	}
	return m
}

func foreignRequest(q *Request, m wire.Meta, t moments) *wire.Request {
	m.End = t.sent
	return &wire.Request{Meta: m, Method: q.Method, Target: targetOf(q.Method, q.URL),
		Version: plainVersion(q.HTTPVersion), Fields: fieldsOf(q.Headers), HeadBytes: max(q.HeadersSize, 0)}
}

func foreignResponse(p *Response, m wire.Meta) *wire.Response {
	return &wire.Response{Meta: m, Version: plainVersion(p.HTTPVersion), Status: int(p.Status), Reason: p.StatusText,
		Fields: fieldsOf(p.Headers), HeadBytes: max(p.HeadersSize, 0)}
}

// plainVersion returns a version as HTTP/1 spells it; browsers write "h2",
// "http/2.0" or "unknown".
func plainVersion(v string) string {
	switch v = strings.ToUpper(v); {
	case v == "H2":
		return "HTTP/2.0"
	case v == "H3":
		return "HTTP/3.0"
	case strings.HasPrefix(v, "HTTP/"):
		return v
	}
	return ""
}

func foreignRequestBody(q *Request, r *wire.Request, t moments) *wire.Body {
	data := requestData(q)
	if len(data) == 0 && q.BodySize <= 0 {
		return nil
	}
	mime := q.PostData.MimeType
	if mime == "" {
		mime = wire.FieldValue(r.Fields, "Content-Type")
	}
	b := foreignBody(r.Meta, r.HeadBytes, mime, data, q.BodySize)
	b.Start, b.End = t.sent, t.sent
	finishBody(b, q.PostData.Extra, q.Extra)
	return b
}

func foreignResponseBody(p *Response, r *wire.Response, t moments) *wire.Body {
	c := &p.Content
	data := textData(c.Text, c.Encoding)
	if len(data) == 0 && c.Size <= 0 && p.BodySize <= 0 {
		return nil
	}
	b := foreignBody(r.Meta, r.HeadBytes, c.MimeType, data, p.BodySize)
	if len(data) == 0 {
		b.Bytes = max(c.Size, 0)
		b.Truncated = b.Bytes > 0
	}
	b.End = t.end
	finishBody(b, c.Extra, p.Extra)
	if b.Truncated {
		b.Bytes = max(b.Bytes, c.Size)
	}
	return b
}

// foreignBody returns a body behind the head at m. wire is its size as sent, if
// that is known.
func foreignBody(m wire.Meta, head int64, mime string, data []byte, size int64) *wire.Body {
	b := &wire.Body{Meta: m, Content: contentOf(mime, data), WireBytes: size, Bytes: int64(len(data)), Data: data, Complete: true}
	if size < 0 || size == 0 && len(data) > 0 {
		b.WireBytes = int64(len(data))
	}
	if len(data) == 0 && size > 0 {
		b.Bytes, b.Truncated = size, true
	}
	b.Off += head
	return b
}

// formOf writes pairs as a form does.
func formOf(params []Param) string {
	var b strings.Builder
	for i := range params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(params[i].Name) + "=" + url.QueryEscape(params[i].Value))
	}
	return b.String()
}

// foreignServer returns the address of the server, if the entry has one.
func foreignServer(e *Entry) string {
	ip := strings.Trim(e.ServerIPAddress, "[]")
	if net.ParseIP(ip) == nil {
		return ""
	}
	var port int
	if json.Unmarshal(e.Extra["_serverPort"], &port) == nil && port > 0 {
		return "tcp://" + net.JoinHostPort(ip, strconv.Itoa(port))
	}
	u, err := url.Parse(e.Request.URL)
	switch {
	case err == nil && u.Port() != "":
		return "tcp://" + net.JoinHostPort(ip, u.Port())
	case err == nil && u.Scheme == "https":
		return "tcp://" + net.JoinHostPort(ip, "443")
	}
	return "tcp://" + net.JoinHostPort(ip, "80")
}
