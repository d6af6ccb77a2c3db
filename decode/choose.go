package decode

import (
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// sniffText is how many bytes of a body of unknown type are looked at.
const sniffText = 16

// chooseContent decides how the body of h's message is decoded, by its type,
// its codings and what the request means.
func (d *Conn) chooseContent(h *half, m *message) {
	fields, ex := h.ex.fields(h.dir), h.ex
	typ := wire.MediaType(wire.FieldValue(fields, "Content-Type"))
	w := m.body
	if list, ok := joined(fields, "Content-Encoding"); ok && !d.startDecoding(h, m, list) {
		return // binary, as every body is that nothing else is known of
	}
	var c func(*half) content
	switch {
	case ex.call.tar(h.dir):
	case h.dir == wire.ToClient && ex.call.logs() && !isJSON(typ) && ex.Response.Status == 200:
		d.chooseStream(h, m, typ)
		return
	case isJSON(typ):
		w.Content, c = wire.KindJSON, newJSON
	case isText(typ):
		w.Content, c = wire.KindText, newText
	case typ == "" || typ == "text/plain" || isStream(typ):
		// Attaching to what is not there is answered in plain text under the
		// type of the stream.
		c = newBodySniffer
	}
	m.content = d.wanted(h, c)
}

// wanted makes a content, unless there is none to make, or nobody wants to see
// what is inside bodies.
func (d *Conn) wanted(h *half, make func(*half) content) content {
	if make == nil || !d.o.Messages {
		return nil
	}
	return make(h)
}

// The contents that there are.

func newText(*half) content          { return &pieces{kind: wire.KindText} }
func newTerminal(*half) content      { return &pieces{kind: wire.KindTerminal} }
func newStdin(*half) content         { return &pieces{kind: wire.KindStdin} }
func newRaw(*half) content           { return &pieces{kind: wire.KindRaw} }
func newMultiplexed(*half) content   { return &multiplexed{} }
func newBodySniffer(*half) content   { return &prefix{need: sniffText, decide: decideBody} }
func newStreamSniffer(*half) content { return &prefix{need: frameHeader, decide: decideStream} }

// newJSON uses the memory of h's last body again: most bodies are JSON.
func newJSON(h *half) content {
	if h.json == nil {
		h.json = new(jsonStream)
	}
	*h.json = jsonStream{}
	return h.json
}

// decideBody tells what a body without a useful type is: JSON by its first
// byte, text by the absence of control characters, or binary.
func decideBody(d *Conn, h *half, b []byte, end bool) content {
	w := h.ex.side[h.dir].body
	json, certain := beginsJSON(strings.TrimLeft(string(b), blank+"\x1e"))
	switch {
	case json && certain:
		w.Content = wire.KindJSON
		return newJSON(h)
	case !plain(b):
		w.Content = wire.KindBinary
		return nothing{}
	case end:
		w.Content = wire.KindText
		return newText(h)
	}
	return nil
}

// blank is the white space of JSON (RFC 8259, section 2).
const blank = " \r\n\t"

// beginsJSON reports whether s is the beginning of an object or an array, and
// whether more bytes could still change that: text may begin with a bracket.
func beginsJSON(s string) (json, certain bool) {
	if s == "" {
		return true, false
	}
	rest := strings.TrimLeft(s[1:], blank)
	switch {
	case s[0] != '{' && s[0] != '[':
		return false, true
	case rest == "":
		return true, false
	case s[0] == '{':
		return rest[0] == '"' || rest[0] == '}', true
	}
	for _, literal := range []string{"true", "false", "null"} {
		if n := min(len(rest), len(literal)); rest[:n] == literal[:n] {
			return true, n == len(literal)
		}
	}
	return strings.IndexByte(`{["]-0123456789`, rest[0]) >= 0, true
}

// plain reports whether b may be the beginning of a text.
func plain(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b[:len(b)-partialRune(b)])
}

// isJSON reports whether a media type promises JSON values: one document, or
// the streams that the Docker API and others send as jsonl, ndjson, json-seq.
func isJSON(typ string) bool {
	switch typ {
	case "application/json", "application/jsonl", "application/x-ndjson", "application/ndjson",
		"application/json-seq", "text/json", "application/x-json-stream":
		return true
	}
	return strings.HasSuffix(typ, "+json")
}

// isText reports whether a media type promises text. Clients send archives as
// text/plain, so that type is not taken at its word.
func isText(typ string) bool {
	switch typ {
	case "text/plain":
		return false
	case "application/x-www-form-urlencoded", "application/xml", "application/yaml",
		"application/x-yaml", "application/javascript", "application/x-pem-file":
		return true
	}
	return strings.HasPrefix(typ, "text/") || strings.HasSuffix(typ, "+xml")
}

// fields returns the header fields of the message in direction dir.
func (ex *exchange) fields(dir wire.Dir) []wire.Field {
	if dir == wire.ToServer {
		return ex.Request.Fields
	}
	return ex.Response.Fields
}
