package har

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// postData writes the body of a request. It has no encoding in HAR 1.2: what
// is not text goes where HTTP Toolkit looks for it.
func (o *object) postData(r *wire.Request, b *wire.Body) {
	mime := wire.FieldValue(r.Fields, "Content-Type")
	text, part, ok := asText(b)
	charset := ""
	if other, name, coded := inCharset(b, mime, ok); coded {
		text, charset, ok = other, name, true
	}
	if mime == "" {
		mime = "application/octet-stream" // RFC 9110, section 8.3
	}
	o.Open("postData", '{')
	o.String("mimeType", mime)
	if ok && wire.MediaType(mime) == "application/x-www-form-urlencoded" {
		o.Open("params", '[')
		query("?"+string(text), o.pair)
		o.Close(']')
	}
	if !ok {
		text = nil
	}
	o.Text("text", text)
	o.Optional("_charset", charset)
	o.cut(b, part)
	o.Close('}')
	if !ok {
		o.Open("_content", '{')
		o.Base64("text", b.Data)
		o.Int("size", b.Bytes)
		o.String("encoding", "base64")
		o.Close('}')
	}
}

// eventStream is the type of server-sent events (HTML standard, section 9.2).
const eventStream = "text/event-stream"

// isEventStream reports whether a Content-Type is that type.
func isEventStream(contentType string) bool {
	return len(contentType) >= len(eventStream) && wire.MediaType(contentType) == eventStream
}

// content writes the body of the response.
func (o *object) content(e *entry) {
	b := e.ResponseBody
	mime := wire.FieldValue(e.Response.Fields, "Content-Type")
	switch {
	case mime == "":
		mime = "x-unknown"
	case isEventStream(mime):
		mime = eventStream // Chrome shows events under this type to the letter alone
	}
	if b == nil {
		o.putString(`,"content":{"size":0,"mimeType":`, mime)
		if e.Upgrade != nil {
			o.String("comment", "the connection became a stream: its messages are in _streamMessages or _webSocketMessages")
		}
		o.Close('}')
		return
	}
	o.putInt(`,"content":{"size":`, b.Bytes)
	if b.Coding != "" {
		o.putInt(`,"compression":`, b.Bytes-b.WireBytes)
	}
	o.putString(`,"mimeType":`, mime)
	text, part, ok := asText(b)
	charset := ""
	if other, name, coded := inCharset(b, wire.FieldValue(e.Response.Fields, "Content-Type"), ok); coded {
		text, charset, ok = other, name, true
	}
	switch {
	case b.Data == nil && b.Bytes > 0:
	case ok:
		o.Text("text", text)
		o.Optional("_charset", charset)
	default:
		o.Base64("text", b.Data)
		o.String("encoding", "base64")
	}
	o.cut(b, part)
	o.Close('}')
}

// asText returns what was kept of a body if it is UTF-8. part is the beginning
// of a character at its end, which the cut of the body has split.
func asText(b *wire.Body) (text, part []byte, ok bool) {
	text = b.Data
	if b.Truncated {
		text, part = jsontext.TrimPartial(text)
	}
	if !utf8.Valid(text) {
		return b.Data, nil, false
	}
	return text, part, true
}

// inCharset returns what was kept of a body of type mime as UTF-8, and the charset
// that it was in, if that gives back what it was. What is UTF-8 may be UTF-16 only if
// it has NULs at its beginning.
func inCharset(b *wire.Body, mime string, isUTF8 bool) (text []byte, charset string, ok bool) {
	if b.Content != wire.KindText && b.Content != wire.KindJSON || isUTF8 && bytes.IndexByte(b.Data[:min(len(b.Data), 4)], 0) < 0 {
		return nil, "", false
	}
	t := media.TypeOf(mime)
	c, _, wide := t.Wide(b.Data)
	if !wide {
		c, _ = media.CharsetNamed(t.Charset)
	}
	if c.IsUTF8() {
		return nil, "", false
	}
	text = c.Decode(b.Data)
	sent, ok := c.Encode(text)
	return text, c.Name, ok && bytes.Equal(sent, b.Data)
}

// cut writes what is missing of a body, and why.
func (o *object) cut(b *wire.Body, part []byte) {
	if len(part) > 0 {
		o.Base64("_rest", part)
	}
	if !b.Truncated && (b.Data != nil || b.Bytes == 0) {
		return
	}
	if b.Truncated {
		o.Raw("_truncated", "true")
	}
	bytes := plural.Of(b.Bytes, "byte")
	why := fmt.Sprintf("the first %d of %s", len(b.Data), bytes)
	switch {
	case b.Data != nil && len(b.Masked) > 0: // how many of them, placeholders do not tell
		why = "the beginning of " + bytes
	case b.Data != nil:
	case len(b.Masked) > 0:
		why = bytes + ", masked: " + strings.Join(b.Masked, ", ")
	default:
		why = bytes + ", not kept"
	}
	if b.Digest != "" {
		why += "; all of them: " + b.Digest
	}
	o.String("comment", why)
}
