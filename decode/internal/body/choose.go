package body

import (
	"crypto/sha256"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Head is what the head of a message says of its body.
type Head struct {
	Fields   []wire.Field
	Transfer string // codings that were applied for the transfer, besides chunked
	Status   int    // of a response
}

// Begin begins the body of a message behind its head, where w is.
func (b *Body) Begin(w *window.Window, h Head) {
	x := b.exchange
	b.w, b.event = w, &b.storage
	b.storage = wire.Body{
		Meta:    wire.Meta{Conn: x.env.Conn, Exchange: x.Number, Dir: b.dir, Off: w.Off()},
		Content: wire.KindBinary,
	}
	if x.env.looksInside() || x.env.Needs.Body > 0 { // else it is told as binary: nobody asks
		b.choose(h)
	}
	// JSON stays JSON; anything else may turn out to be binary.
	if n := x.env.Needs; n.Digest && (n.Messages || n.Body > 0) && b.event.Content != wire.KindJSON {
		if b.spare.digest == nil {
			b.spare.digest = sha256.New()
		}
		b.digest = b.spare.digest
		b.digest.Reset()
	}
}

// choose decides how the body is decoded, by its type, its codings and what the
// request means.
func (b *Body) choose(h Head) {
	x := b.exchange
	typ := wire.MediaType(wire.FieldValue(h.Fields, "Content-Type"))
	if list, ok := h.codings(); ok && !b.removeCodings(list) {
		return // binary, as every body is that nothing else is known of
	}
	switch {
	case x.shape(b.dir) == dockerapi.Tar:
	case b.dir == wire.ToClient && x.Call.Logs() && !isJSON(typ) && h.Status == 200:
		b.chooseStream(typ)
	case isJSON(typ):
		b.event.Content = wire.KindJSON
		b.decode(b.newJSON)
	case isText(typ):
		b.event.Content = wire.KindText
		b.decode(content.NewText)
	case typ == "" || typ == "text/plain" || IsStream(typ):
		// Attaching to what is not there is answered in plain text under the
		// type of the stream.
		b.decode(func() content.Content { return content.NewBody(b.newJSON) })
	}
}

// shape returns what the body in direction dir consists of.
func (x *Exchange) shape(dir wire.Dir) dockerapi.Shape {
	if dir == wire.ToServer {
		return x.Call.RequestBody()
	}
	return x.Call.Response()
}

// removeCodings prepares to remove the codings of the body. It reports false if
// the body is to be taken as it is sent.
func (b *Body) removeCodings(list string) bool {
	e := b.exchange.env
	known, coded := coding.Known(list)
	switch {
	case known && !coded:
		return true
	case !known:
		return false
	}
	chain, fault := coding.NewChain(list, e.Account, b.decoded)
	if chain == nil {
		b.Anomaly(b.event.Off, fault.Code, fault.Detail)
		return false
	}
	b.chain, b.coded, b.event.Coding = chain, true, list
	return true
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
