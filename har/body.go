package har

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// postData writes the body of a request. It has no encoding in HAR 1.2: what
// is not text goes where HTTP Toolkit looks for it.
func (o *object) postData(r *wire.Request, b *wire.Body) {
	text, part, ok := asText(b)
	mime := wire.FieldValue(r.Fields, "Content-Type")
	if mime == "" {
		mime = "application/octet-stream" // RFC 9110, section 8.3
	}
	o.Open("postData", '{')
	o.String("mimeType", mime)
	if ok && wire.MediaType(mime) == "application/x-www-form-urlencoded" {
		o.Open("params", '[')
		query("?"+string(text), func(name, value string) {
			o.Open("", '{')
			o.String("name", name)
			o.String("value", value)
			o.Close('}')
		})
		o.Close(']')
	}
	if !ok {
		text = nil
	}
	o.Text("text", text)
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

// content writes the body of the response.
func (o *object) content(e *entry) {
	b := e.ResponseBody
	mime := wire.FieldValue(e.Response.Fields, "Content-Type")
	switch {
	case mime == "":
		mime = "x-unknown"
	case wire.MediaType(mime) == eventStream:
		mime = eventStream // Chrome shows events under this type to the letter alone
	}
	o.Open("content", '{')
	if b == nil {
		o.Int("size", 0)
		o.String("mimeType", mime)
		if e.Upgrade != nil {
			o.String("comment", "the connection became a stream: its messages are in _streamMessages or _webSocketMessages")
		}
		o.Close('}')
		return
	}
	o.Int("size", b.Bytes)
	if b.Coding != "" {
		o.Int("compression", b.Bytes-b.WireBytes)
	}
	o.String("mimeType", mime)
	text, part, ok := asText(b)
	switch {
	case b.Data == nil && b.Bytes > 0:
	case ok:
		o.Text("text", text)
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
	why := fmt.Sprintf("the first %d of %d bytes", len(b.Data), b.Bytes)
	switch {
	case b.Data != nil && len(b.Masked) > 0: // how many of them, placeholders do not tell
		why = fmt.Sprintf("the beginning of %d bytes", b.Bytes)
	case b.Data != nil:
	case len(b.Masked) > 0:
		why = fmt.Sprintf("%d bytes, masked: %s", b.Bytes, strings.Join(b.Masked, ", "))
	default:
		why = fmt.Sprintf("%d bytes, not kept", b.Bytes)
	}
	if b.Digest != "" {
		why += "; all of them: " + b.Digest
	}
	o.String("comment", why)
}
