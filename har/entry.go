package har

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// entry is what one entry of the file tells: an exchange, or a part of one.
type entry struct {
	*wire.Exchange
	conn     *conn
	page     string // id
	messages *messages
	eofs     []*wire.EOF
	part     int           // counts the entries of a long exchange, from 1; 0: it has one
	base     time.Time     // startedDateTime, which times are told relative to
	closed   *wire.Close   // told in the entry of what was outside of exchanges
	dropped  *wire.Dropped // not nil: the entry tells of this alone
}

// entry writes e. The order of the members is that of HAR 1.2.
func (o *object) entry(e *entry) {
	e.base = e.Start.Truncate(time.Microsecond)
	send, wait, receive := phases(e.Exchange)
	o.putString(`{"pageref":`, e.page)
	o.moment("startedDateTime", e.base, micros)
	o.Millis("time", send+wait+receive)
	o.request(e)
	o.response(e)
	o.put(`,"cache":{},"timings":{"blocked":-1,"dns":-1,"connect":-1,"ssl":-1`)
	o.Millis("send", send)
	o.Millis("wait", wait)
	o.Millis("receive", receive)
	o.Close('}')
	o.B = append(o.B, e.conn.place...)
	switch {
	case e.Request != nil:
		o.Optional("comment", remark(e.Exchange))
	case e.dropped != nil:
		o.String("comment", gapComment(e.dropped))
	case e.Exchange.Exchange == 0:
		o.String("comment", "bytes outside of any exchange")
	}
	o.put(`,"_resourceType":"`)
	o.put(resourceType(e.Exchange))
	o.put(`"`)
	o.streamMessages(e)
	o.private(e)
	o.Close('}')
}

// operationEnds is what stands between the operation and what is said of it in a comment.
const operationEnds = ": "

// remark returns the operation, and what there is to say of the exchange.
func remark(x *wire.Exchange) string {
	operation := x.Request.Call.Operation
	if x.Said == nil || operation == "" {
		return operation
	}
	says := x.Said.Asks
	if m := x.Said.Answer; m != nil {
		says = strings.TrimSpace(says + " " + m.Status + ": " + m.Means)
	}
	return operation + operationEnds + says
}

// remarked returns the operation in a comment.
func remarked(comment string) string {
	operation, _, _ := strings.Cut(comment, operationEnds)
	return operation
}

// phases divides the time of an exchange: until the last byte of the request,
// until the first of the response, until the end. An answer may come before
// the request is complete.
func phases(x *wire.Exchange) (send, wait, receive time.Duration) {
	at := x.Start
	until := func(t time.Time) time.Duration {
		if t.Before(at) {
			return 0
		}
		d := t.Sub(at)
		at = t
		return d
	}
	if x.Request != nil {
		sent := x.Request.End
		if b := x.RequestBody; b != nil && b.End.After(sent) {
			sent = b.End
		}
		if !x.FirstByte.IsZero() && x.FirstByte.Before(sent) {
			sent = x.FirstByte
		}
		send = until(sent)
	}
	if x.FirstByte.IsZero() {
		return send, until(x.End), 0
	}
	wait = until(x.FirstByte)
	return send, wait, until(x.End)
}

// resourceType is what browsers group requests by.
func resourceType(x *wire.Exchange) string {
	switch {
	case x.Upgrade != nil && strings.EqualFold(x.Upgrade.Protocol, "websocket"):
		return "websocket"
	case x.Upgrade != nil || x.Request == nil && x.Response == nil:
		return "other"
	case x.Response != nil && isEventStream(wire.FieldValue(x.Response.Fields, "Content-Type")):
		return "eventsource"
	}
	return "fetch"
}

// unknownMethod stands for that of a request that was not seen.
const unknownMethod = "UNKNOWN"

// request writes the request, or what importers need in its place.
func (o *object) request(e *entry) {
	r := e.Request
	if r == nil {
		o.put(`,"request":{"method":"` + unknownMethod + `","url":"http://` + localhost + `/","httpVersion":"HTTP/1.1","cookies":[],"headers":[],"queryString":[],"headersSize":-1,"bodySize":-1}`)
		return
	}
	o.putString(`,"request":{"method":`, r.Method)
	o.put(`,"url":"`)
	o.url(r)
	o.putString(`","httpVersion":`, httpVersion(r.Version))
	o.put(`,"cookies":[]`)
	o.fields("headers", r.Fields)
	o.Open("queryString", '[')
	query(r.Target, o.pair)
	o.Close(']')
	b := e.RequestBody
	if b != nil {
		o.postData(r, b)
	}
	o.putInt(`,"headersSize":`, r.HeadBytes)
	o.putInt(`,"bodySize":`, bodySize(b))
	if b != nil && len(b.Trailer) > 0 {
		o.fields("_trailers", b.Trailer)
	}
	o.Close('}')
}

// pair writes a name and its value as an element of an array.
func (o *object) pair(name, value string) {
	o.Key("")
	o.putString(`{"name":`, name)
	o.putString(`,"value":`, value)
	o.Close('}')
}

// response writes the response, or what importers need in its place.
func (o *object) response(e *entry) {
	r, b := e.Response, e.ResponseBody
	if r == nil {
		version := "HTTP/1.1"
		if e.Request != nil {
			version = httpVersion(e.Request.Version)
		}
		o.putString(`,"response":{"status":0,"statusText":"","httpVersion":`, version)
		o.put(`,"cookies":[],"headers":[],"content":{"size":0,"mimeType":"x-unknown"},"redirectURL":"","headersSize":-1,"bodySize":-1,"_transferSize":0`)
		o.failure(e)
		o.Close('}')
		return
	}
	o.putInt(`,"response":{"status":`, int64(r.Status))
	o.putString(`,"statusText":`, r.Reason)
	o.putString(`,"httpVersion":`, httpVersion(r.Version))
	o.put(`,"cookies":[]`)
	o.fields("headers", r.Fields)
	o.content(e)
	o.putString(`,"redirectURL":`, wire.FieldValue(r.Fields, "Location"))
	o.putInt(`,"headersSize":`, r.HeadBytes)
	size := bodySize(b)
	if b == nil && e.State == wire.StateOpen && e.Upgrade == nil {
		size = -1 // it has not ended
	}
	o.putInt(`,"bodySize":`, size)
	o.putInt(`,"_transferSize":`, r.HeadBytes+max(size, 0))
	if b != nil && len(b.Trailer) > 0 {
		o.fields("_trailers", b.Trailer)
	}
	o.failure(e)
	o.Close('}')
}

// failure writes why an exchange was aborted, as far as it is known.
func (o *object) failure(e *entry) {
	if e.State != wire.StateAborted {
		return
	}
	for i := len(e.Anomalies) - 1; i >= 0; i-- {
		if a := e.Anomalies[i]; a.Detail != "" {
			o.String("_error", a.Code+": "+a.Detail)
			return
		}
	}
	o.String("_error", "the connection ended before the exchange did")
}

// bodySize is the size of a body as sent.
func bodySize(b *wire.Body) int64 {
	if b == nil {
		return 0
	}
	return b.WireBytes
}

// httpVersion returns a version in the spelling that all importers read.
func httpVersion(v string) string {
	switch v {
	case "":
		return "HTTP/1.1"
	case "HTTP/2", "HTTP/2.0", "h2":
		return "http/2.0"
	case "ICY": // how radio stations call it
		return "HTTP/1.0"
	}
	return v
}

// fields writes fields in their order, with the line as it was sent if that
// does not follow from the name and the value.
func (o *object) fields(key string, fields []wire.Field) {
	o.Open(key, '[')
	for i := range fields {
		f := &fields[i]
		o.B = append(o.B, `{"name":`...)
		var name, value bool
		if f.Name == "" {
			o.B, name = append(o.B, `"`+unnamed+`","_name":""`...), true
		} else {
			o.B, name = jsontext.AppendString(o.B, f.Name)
		}
		o.B = append(o.B, `,"value":`...)
		o.B, value = jsontext.AppendString(o.B, f.Value)
		line := isPlainLine(f)
		if !name || !value || !line && !utf8.ValidString(f.Line) {
			o.Open("_base64", '[')
			for _, s := range []string{f.Name, f.Value, f.Line} {
				o.Base64("", []byte(s))
			}
			o.Close(']')
		} else if !line {
			o.String("_line", f.Line)
		}
		o.B = append(o.B, "},"...)
	}
	if len(fields) > 0 {
		o.B = o.B[:len(o.B)-1]
	}
	o.Close(']')
}

// unnamed is the name of a line without one: importers refuse a file with an
// empty name.
const unnamed = "x-unnamed"

// isPlainLine says whether the line of f is its name, ": ", and its value, or
// there are no lines in its protocol.
func isPlainLine(f *wire.Field) bool {
	if f.Line == "" {
		return !f.Masked
	}
	n := len(f.Name)
	return len(f.Line) == n+2+len(f.Value) && f.Line[:n] == f.Name && f.Line[n:n+2] == ": " && f.Line[n+2:] == f.Value
}
