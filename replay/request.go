package replay

import (
	"slices"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/websocket"
	"github.com/socktrace/socktrace/wire"
)

// framing are the fields that say how long a body is and how it is sent: it is sent whole, and
// nothing is waited for in between.
var framing = []string{"content-length", "transfer-encoding", "expect", "trailer", "te"}

// handshake are the fields of a WebSocket that are another each time, or offer what is not spoken.
var handshake = []string{"sec-websocket-key", "sec-websocket-extensions"}

// request returns what a step sends, with what things are called now: base is the path that
// the daemon has before all others.
func (s *Step) request(l *ids, base string) []byte {
	r, body := s.sent.Request, s.sent.RequestBody
	var content []byte
	if body != nil {
		content = body.Data
		if body.Content == wire.KindJSON {
			content = l.now(content)
		}
	}
	target := l.asked(r)
	if target != r.Target {
		s.note("was asked for at an older version of the API, since the daemon says that it knows no newer one")
	}
	out := []byte(r.Method + " " + base + l.target(target) + " HTTP/1.1\r\n")
	for _, f := range r.Fields {
		name := strings.ToLower(f.Name)
		if isFraming(name, body) || s.isSocket() && slices.Contains(handshake, name) {
			continue
		}
		if f.Masked || isMasked(f.Value) {
			continue
		}
		out = append(out, f.Name+": "...)
		out = append(out, l.now([]byte(f.Value))...)
		out = append(out, "\r\n"...)
	}
	if body != nil || wire.HasField(r.Fields, "Content-Length") || wire.HasField(r.Fields, "Transfer-Encoding") {
		out = append(out, "Content-Length: "...)
		out = strconv.AppendInt(out, int64(len(content)), 10)
		out = append(out, "\r\n"...)
	}
	if s.isSocket() {
		out = append(out, "Sec-WebSocket-Key: "+websocket.NewKey()+"\r\n"...)
	}
	out = append(out, "\r\n"...)
	return append(out, content...)
}

// isFraming reports whether a field is left out since the body is sent otherwise. A coding that was
// not taken off stays.
func isFraming(name string, body *wire.Body) bool {
	if name == "content-encoding" {
		return body != nil && body.Coding != ""
	}
	return slices.Contains(framing, name)
}
