package har

import (
	"encoding/json"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// foreign returns what an entry of another program tells, which began at start;
// half says that its end is missing. l numbers its exchanges and says where in the
// connection it may have been.
func foreign(e *Entry, l *link, start time.Time, half bool, fixes *repairs) *telling {
	l.begun++
	x := &wire.Exchange{Meta: wire.Meta{Conn: l.conn, Exchange: l.begun, Dir: wire.ToServer, Off: l.bytes[wire.ToServer], Start: start}}
	t := phasesOf(e, start)
	x.End = t.end
	x.Request = fixes.foreignRequest(&e.Request, x.Meta, t)
	x.RequestBody = fixes.foreignRequestBody(&e.Request, x.Request, t)
	switch p := &e.Response; {
	case p.Status > 0 || isAnswer(p):
		m := x.Meta
		m.Dir, m.Off, m.Start, m.End = wire.ToClient, l.bytes[wire.ToClient], t.first, t.first
		x.FirstByte = t.first
		x.Response = fixes.foreignResponse(p, m)
		x.ResponseBody = fixes.foreignResponseBody(p, x.Response, t)
		if x.Response.Status == 0 {
			fixes.add(noStatus)
			x.State = wire.StatePartial
		}
	default:
		x.State = wire.StateAborted
	}
	if half {
		x.State = wire.StatePartial
	}
	r := &restorer{trace: &trace{base: start}, e: e, x: x, fixes: fixes}
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

// isAnswer says whether a response without a status is one all the same.
func isAnswer(p *Response) bool {
	return len(p.Headers) > 0 || p.Content.Text != "" || statusNamed(p.StatusText) > 0
}

// statusNamed returns the status with a reason phrase (RFC 9110, section 15), or
// whose number is in its place; 0 if there is none.
func statusNamed(reason string) int {
	for _, word := range strings.Fields(reason) {
		if n, err := strconv.Atoi(word); err == nil && 100 <= n && n <= 599 {
			return n
		}
	}
	for status := 100; status < 600 && reason != ""; status++ {
		if strings.EqualFold(http.StatusText(status), strings.TrimSpace(reason)) {
			return status
		}
	}
	return 0
}

// indexMessages numbers messages, and counts them.
func indexMessages(x *wire.Exchange, all []*wire.Message) {
	var n [2]int
	for _, m := range all {
		m.Index = n[m.Dir&1]
		n[m.Dir&1]++
		x.Streams[m.Kind].Frames++
		x.Streams[m.Kind].Bytes += m.Size
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

func (r *repairs) foreignRequest(q *Request, m wire.Meta, t moments) *wire.Request {
	m.End = t.sent
	if q.Method == "" {
		r.add(noMethod)
		q.Method = unknownMethod
	}
	target := targetOf(q.Method, q.URL)
	if len(q.QueryString) > 0 && !strings.Contains(target, "?") && q.Method != "CONNECT" {
		r.add(noQuery)
		target += "?" + formOf(q.QueryString)
	}
	return &wire.Request{Meta: m, Method: q.Method, Target: target,
		Version: plainVersion(q.HTTPVersion), Fields: fieldsOf(q.Headers), HeadBytes: max(q.HeadersSize, 0)}
}

func (r *repairs) foreignResponse(p *Response, m wire.Meta) *wire.Response {
	status := int(min(p.Status, 999))
	if status <= 0 {
		status = statusNamed(p.StatusText)
	}
	return &wire.Response{Meta: m, Version: plainVersion(p.HTTPVersion), Status: status, Reason: p.StatusText,
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

func (f *repairs) foreignRequestBody(q *Request, r *wire.Request, t moments) *wire.Body {
	data, cut := f.requestData(q)
	if len(data) == 0 && q.BodySize <= 0 {
		return nil
	}
	mime := q.PostData.MimeType
	if mime == "" {
		mime = wire.FieldValue(r.Fields, "Content-Type")
	}
	b := foreignBody(r.Meta, r.HeadBytes, mime, data, q.BodySize)
	b.Start, b.End = t.sent, t.sent
	b.Truncated = b.Truncated || cut
	f.finishBody(b, q.PostData.Extra, q.Extra)
	return b
}

func (f *repairs) foreignResponseBody(p *Response, r *wire.Response, t moments) *wire.Body {
	c := &p.Content
	data := f.textData(c.Text, c.Encoding, c.Size)
	if len(data) == 0 && c.Size <= 0 && p.BodySize <= 0 {
		return nil
	}
	b := foreignBody(r.Meta, r.HeadBytes, c.MimeType, data, p.BodySize)
	if len(data) == 0 {
		b.Bytes = max(c.Size, 0)
		b.Truncated = b.Bytes > 0
	}
	b.End = t.end
	f.finishBody(b, c.Extra, p.Extra)
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
