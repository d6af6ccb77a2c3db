package jsonl

import (
	"bytes"

	"github.com/socktrace/socktrace/wire"
)

// message makes a unit of a body or stream.
func (n *note) message(m wire.Meta) *wire.Message {
	kind, _ := wire.KindNamed(n.Kind)
	ev := &wire.Message{Meta: m, Kind: max(kind, wire.KindRaw), Opcode: n.Opcode, Name: n.sent("name", n.Name), Type: n.Type, Index: n.Index, Size: n.Size,
		Missing: n.Missing, Truncated: n.Truncated, Masked: n.Masked}
	switch {
	case n.JSON != nil:
		ev.Data = n.JSON
	case n.Base64 != nil:
		ev.Data = n.Base64
	default:
		ev.Data = append([]byte(n.Text), n.Rest...)
	}
	return ev
}

// hold notes m if it may be all that a body has.
func (x *exchange) hold(m *wire.Message) {
	x.document[m.Dir&1] = nil
	if m.Kind == wire.KindJSON && m.Index == 0 && int64(len(m.Data)) == m.Size && !bytes.ContainsRune(m.Data, '\\') {
		x.document[m.Dir&1] = m.Data
	}
}

// fill gives b the document before it, if it is that: otherwise what it holds is
// told at the end of the exchange only. Lines have documents without white space,
// and escape what a terminal must not see.
func (x *exchange) fill(b *wire.Body) {
	doc := &x.document[b.Dir&1]
	if b.Data == nil && b.Content == wire.KindJSON && b.Bytes == int64(len(*doc)) {
		b.Data = *doc
	}
	*doc = nil
}

// body makes the end of a body. prefix begins the names of its masked trailers.
func (b *bodyNote) body(n *note, m wire.Meta, lines bool) *wire.Body {
	content, _ := wire.KindNamed(b.Content)
	prefix := "request.trailers."
	if m.Dir == wire.ToClient {
		prefix = "response.trailers."
	}
	return &wire.Body{
		Meta: m, Content: content, Coding: n.sent("coding", b.Coding), WireBytes: b.wireBytes(), Bytes: b.BodyBytes,
		Data: b.data(), Digest: b.Digest, Files: b.Files.Sum(), Truncated: b.Truncated, Complete: !b.Incomplete,
		Trailer: fieldsOf(b.Trailers, b.Lines, n.Masked, prefix, lines),
	}
}

// data returns what is told of the bytes of a body: its beginning, or all that
// was kept.
func (b *bodyNote) data() []byte {
	switch {
	case b.Begin != nil:
		return b.Begin
	case b.BodyBase64 != nil:
		return b.BodyBase64
	case b.Body != "" || b.Rest != nil:
		return append([]byte(b.Body), b.Rest...)
	}
	return nil
}
