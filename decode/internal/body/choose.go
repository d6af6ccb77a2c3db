package body

import (
	"crypto/sha256"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// Head is what the head of a message says of its body.
type Head struct {
	Fields   []wire.Field
	Transfer string // codings that were applied for the transfer, besides chunked
	Status   int    // of a response
	// Unknown says that there may be other fields, which decide how the body is to be
	// read.
	Unknown bool
}

// Begin begins the body of a message behind its head, where w is.
func (b *Body) Begin(w *window.Window, h Head) {
	x := b.exchange
	b.w, b.event = w, &b.storage
	b.storage = wire.Body{
		Meta:    wire.Meta{Conn: x.env.Conn, Exchange: x.Number, Dir: b.dir, Off: w.Off()},
		Content: wire.KindBinary,
	}
	b.hidden = x.hidden()
	switch {
	case b.hidden && !x.concerns(b.dir, h.Status):
		return // it is told as binary: nobody asks
	case x.env.looksInside() || x.env.Needs.Body > 0: // else likewise
		b.choose(h)
	}
	// JSON stays JSON, and nobody needs a digest of messages; anything else may turn
	// out to be binary.
	if n := x.env.Needs; n.Digest && !b.hidden && (n.Messages || n.Body > 0) && b.event.Content != wire.KindJSON && b.event.Content != wire.KindGRPC {
		if b.spare.digest == nil {
			b.spare.digest = sha256.New()
		}
		b.digest = b.spare.digest
		b.digest.Reset()
	}
}

// hidden reports whether nobody is told of x. Only that of an operation of Docker's, whose bodies are what the
// table says, is taken for it: a call of gRPC may tell secrets that others must not show.
func (x *Exchange) hidden() bool {
	return x.env.Hidden != nil && x.Call.Op != nil && !x.Call.IsGRPC() && x.env.Hidden(x.env.Conn, x.Number)
}

// concerns reports whether a body in direction dir of an exchange that is hidden tells something of use for
// others: what things are called, or whether a container has a terminal.
func (x *Exchange) concerns(dir wire.Dir, status int) bool {
	return x.tells(dir, status) || x.teaches(dir)
}

// choose decides how the body is decoded, by its type, its codings and what the
// request means.
func (b *Body) choose(h Head) {
	list, _ := wire.JoinedValues(h.Fields, "Content-Encoding")
	if list != "" && h.Transfer != "" {
		list += ", "
	}
	list += h.Transfer
	b.typ = media.TypeOf(wire.FieldValue(h.Fields, "Content-Type"))
	if list != "" {
		b.removeCodings(list)
	}
	b.expect(h)
}

// expect makes the content of a body by its type.
func (b *Body) expect(h Head) {
	x, t := b.exchange, b.typ
	b.tells = (x.env.Needs.Telling || b.hidden) && x.tells(b.dir, h.Status)
	fails := b.dir == wire.ToClient && h.Status/100 != 2
	variant := content.VariantOf(t)
	switch {
	case variant != content.NoMessages:
		b.chooseMessages(variant, h.Fields)
	case h.Unknown && t.Media == "" && x.mayCall():
		b.guess(h.Fields)
	case x.shape(b.dir) == dockerapi.Tar && !fails:
		b.decode(func() content.Content { return content.NewArchive(b.limits(false), x.Call.Readable()) })
	case b.dir == wire.ToClient && h.Status == 200 && !t.IsJSON() &&
		// What podman answers to a start that is detached is text.
		(x.Call.Logs() || x.Call.Hijacks() && t.Media != "text/plain" || t.IsStream()):
		b.chooseStream(t.Media)
	case t.IsJSON() && isUTF8(t):
		b.event.Content = wire.KindJSON
		if b.splits() {
			j := b.newJSON()
			content.Doubt(j, t)
			b.content = j
		}
	default:
		b.look(t)
	}
}

// splits reports whether a body that should be JSON is split into its values.
func (b *Body) splits() bool {
	x := b.exchange
	return x.env.Needs.Messages || x.env.Needs.Sizes ||
		x.env.Needs.Telling && (b.tells || x.teaches(b.dir) || x.shape(b.dir) == dockerapi.JSONStream || x.Call.Op == nil)
}

// tells reports whether documents in direction dir tell what things are called, how
// a process ended, or why something failed.
func (x *Exchange) tells(dir wire.Dir, status int) bool {
	switch {
	case dir == wire.ToServer:
		return x.Call.Tells()&dockerapi.InRequest != 0
	case status >= 400:
		return true
	}
	return x.Call.Tells()&dockerapi.InResponse != 0
}

// isUTF8 says whether a type says nothing else of its charset.
func isUTF8(t media.Type) bool {
	if t.Charset == "" {
		return true
	}
	c, known := media.CharsetNamed(t.Charset)
	return known && c.IsUTF8()
}
