package replay

import (
	"net/url"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// carried are the operations whose connection carries HTTP/2, and the protocols that do.
var carried = []string{"Session", "GRPC", "GrpcSession"}

// placeholders are the operations that do no harm with a placeholder in the place of a secret:
// what a container or a build is given is its own.
var placeholders = map[string][]string{"ContainerCreate": {"body"}, "ContainerExec": {"body"}, "ImageBuild": {"query"}}

// why says why a step cannot be sent again, and notes what it is sent without; empty if it can.
func (s *Step) why() string {
	if s.sent == nil {
		return "there was no room to keep it"
	}
	x := s.sent
	switch {
	case x.Conn.Parent.Conn != nil:
		return "it was inside of another connection, which is not done again yet"
	case !strings.HasPrefix(x.Request.Version, "HTTP/1"):
		return "HTTP/2 is not spoken yet"
	case !isOneHead(x.Request):
		return "its head has what no method, target or field may have: it may be more than one request"
	case x.Request.Method == "CONNECT":
		return "it asks for a tunnel"
	case x.Upgrade != nil && (x.Upgrade.Protocol == "h2c" || slices.Contains(carried, x.Request.Call.Operation)):
		return "its connection carries HTTP/2, which is not spoken yet"
	case s.isSocket() && s.input.odd:
		return "its WebSocket has what is no message, or in channels of Kubernetes, which is not done again yet"
	case isBuildKit(x.Request):
		return "it needs a session of BuildKit, which is not done again yet"
	case x.Upgrade != nil && s.input == nil, s.input != nil && s.input.cut:
		return "not all of its input was recorded, or there was no room to keep it"
	}
	if masked := s.masked(); masked != "" {
		return "a secret is masked in the recording: " + masked
	}
	if b := x.RequestBody; b != nil && (b.Truncated || !b.Complete) || b == nil && hasBody(x.Request) && x.State == wire.StatePartial {
		return "not all of its body was recorded, or there was no room to keep it"
	}
	return ""
}

// isOneHead reports whether what a recording has as the head of a request is one, and not also the
// beginning of others that nobody has been asked about: some recordings are files that anybody may
// have written.
func isOneHead(r *wire.Request) bool {
	if !wire.IsToken(r.Method) || r.Target == "" || strings.Contains(r.Target, " ") || endsLine(r.Target) {
		return false
	}
	return !slices.ContainsFunc(r.Fields, func(f wire.Field) bool { return !wire.IsToken(f.Name) || endsLine(f.Value) })
}

// endsLine reports whether a text has what may end a line of a head, or is not allowed in one.
func endsLine(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// isBuildKit reports whether a request has BuildKit build, which then asks for files on another
// connection.
func isBuildKit(r *wire.Request) bool {
	if r.Call.Operation != "ImageBuild" {
		return false
	}
	_, query, _ := strings.Cut(r.Target, "?")
	return slices.Contains(strings.Split(query, "&"), "version=2")
}

// hasBody reports whether a request says that it has a body.
func hasBody(r *wire.Request) bool {
	length := wire.FieldValue(r.Fields, "Content-Length")
	return wire.HasField(r.Fields, "Transfer-Encoding") || length != "" && length != "0"
}

// masked returns what was masked so that the request cannot be sent; of what it can be sent
// without that is noted.
func (s *Step) masked() string {
	x := s.sent
	names := slices.Concat(x.Masked, x.Request.Masked)
	if x.RequestBody != nil {
		names = slices.Concat(names, x.RequestBody.Masked)
	}
	if len(names) == 0 {
		names = unlisted(x.Request, x.RequestBody)
	}
	for _, name := range names {
		side, rest, _ := strings.Cut(name, ".")
		if side != "request" {
			continue
		}
		where, which, _ := strings.Cut(rest, ".")
		switch {
		case where == "stdin":
			s.note("was sent without its input, which is masked in the recording")
			s.input = s.input.silent()
		case where == "headers" || where == "trailers":
			s.note("was sent without what was masked: " + wire.MaskedPlace(name))
		case which != "" && slices.Contains(placeholders[x.Request.Call.Operation], where):
			s.note("was sent with a placeholder for what was masked: " + wire.MaskedPlace(name))
		default:
			return wire.MaskedPlace(name)
		}
	}
	return ""
}

// unlisted returns where placeholders stand in a request of which nothing says that it is masked:
// programs that write a recording anew drop what is not theirs.
func unlisted(r *wire.Request, body *wire.Body) (names []string) {
	for _, f := range r.Fields {
		if isMasked(f.Value) {
			names = append(names, "request.headers."+f.Name)
		}
	}
	_, query, _ := strings.Cut(r.Target, "?")
	for param := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(param, "=")
		if plain, err := url.QueryUnescape(value); err == nil && isMasked(plain) {
			names = append(names, "request.query."+name)
		}
	}
	if body != nil && isMasked(string(body.Data)) {
		names = append(names, "request.body.a value")
	}
	return names
}

// isMasked reports whether something in a text is masked.
func isMasked(text string) bool {
	start, _ := redact.Placeholder(text)
	return start >= 0
}
