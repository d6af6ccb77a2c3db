package protobuf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// bytes appends the bytes of a field, of which c says what they are.
func (w *walker) bytes(c content, b []byte) {
	switch c {
	case contentUnknown:
		if !w.whole && looksJSON(b) && w.document(b) {
			return
		}
	case contentText:
		w.text(b)
		return
	case contentFile:
		if len(b) <= shortBytes || w.limits.Files || w.whole {
			w.text(b)
			return
		}
	case contentHex:
		if len(b) <= shortBytes {
			w.out.B = append(hex.AppendEncode(append(w.out.B, '"'), b), '"')
			return
		}
	case contentOp:
		w.op(b)
		return
	}
	w.opaque(b)
}

// text appends bytes that should be text, as a string if they are, and else as an
// object. Half of a character at the end stands as U+FFFD.
func (w *walker) text(b []byte) {
	whole, part := jsontext.TrimPartial(b)
	if bytes.IndexByte(b, 0) >= 0 || !utf8.Valid(whole) || w.whole && len(part) > 0 {
		w.begins(b, int64(len(b)))
		return
	}
	w.out.B, _ = jsontext.AppendString(w.out.B, whole)
	if len(part) > 0 {
		w.out.B = append(w.out.B[:len(w.out.B)-1], "\ufffd\""...)
	}
}

// looksJSON reports whether b may be a JSON document.
func looksJSON(b []byte) bool {
	if len(b) < 2 || !beginsJSON(b) {
		return false
	}
	end := bytes.TrimRight(b, "\r\n ")
	return end[len(end)-1] == b[0]+2 // in ASCII, what closes it
}

// document appends a JSON document as such; false if it is none.
func (w *walker) document(b []byte) bool {
	end := len(w.out.B)
	w.out.B = append(w.out.B, '[') // so that no comma comes before it
	ok := w.out.JSON("", b)
	w.out.B = append(w.out.B[:end], w.out.B[end+1:]...)
	return ok
}

// op appends an operation of a build graph with the digest that others name it by.
func (w *walker) op(b []byte) {
	sum := sha256.Sum256(b)
	w.lead = append(hex.AppendEncode(append(w.lead[:0], `"digest":"sha256:`...), sum[:]), '"')
	w.nested(w.schema.Named(opType), b)
	w.lead = w.lead[:0]
}
