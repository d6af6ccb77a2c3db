package equivalent

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// maxInline is how large a body may be that stands in a line itself, in bytes.
const maxInline = 16 << 10

// sent is the body of a request.
type sent struct {
	there bool
	text  string // what was sent, if file is empty
	file  string // what stands for it
	note  string // what to put there
}

// sentBy returns the body of x's request.
func sentBy(x *wire.Exchange) sent {
	b := x.RequestBody
	if b == nil || b.Bytes == 0 && len(b.Data) == 0 && !b.Truncated {
		return sent{}
	}
	whole := !b.Truncated && b.Complete && len(b.Data) > 0 // what was masked has another size
	if whole && len(b.Data) <= maxInline && utf8.Valid(b.Data) && bytes.IndexByte(b.Data, 0) < 0 && b.Content != wire.KindTar {
		text := string(b.Data)
		if b.Content == wire.KindJSON {
			text = strings.TrimSpace(text)
		}
		return sent{there: true, text: text}
	}
	s := sent{there: true}
	name, what := "body", "what was sent as the request's body"
	switch {
	case b.Content == wire.KindTar || b.Files != nil:
		name, what = "archive", "a tar archive"
		if b.Files != nil && b.Files.Role != "" {
			name, what = strings.ReplaceAll(b.Files.Role, " ", "-"), "a tar archive with the "+b.Files.Role
		}
		name += ".tar"
	case b.Content == wire.KindJSON:
		name, what = "body.json", "the JSON document that was sent"
	}
	s.file = name
	s.note = "Put into " + name + " " + what + ": " + sizeWords(b) + "."
	return s
}

// sizeWords says how much a body was.
func sizeWords(b *wire.Body) string {
	words := ""
	if f := b.Files; f != nil {
		words = plural.Of(f.Files, "file")
		if f.Largest != "" {
			words += " (the largest is " + f.Largest + ", " + plural.Of(f.Most, "byte") + ")"
		}
		words += ", "
	}
	return words + plural.Of(b.Bytes, "byte")
}
