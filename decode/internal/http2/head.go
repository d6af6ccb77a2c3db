package http2

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/http2/hpack"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// block is a field block while its frames come (RFC 9113, section 4.3), and until the next
// begins.
type block struct {
	open      bool // more of it follows
	typ       frameType
	stream    uint32
	promised  uint32 // of PUSH_PROMISE
	endStream bool
	begins    *hpack.Block // what is known of it nevertheless; nil: nothing
	dropped   bool         // it cannot be decompressed: not all of it is kept
	torn      bool         // since it was not captured
	frames    int
	at        window.Place // of the first frame
	size      int64        // of all of them
	data      []byte       // of those before the last
	taken     int          // of the account, for that
}

// head is a field section: the head of a message, or its trailers.
type head struct {
	*hpack.Block
	*block
	end    time.Time // when its last byte was seen
	short  bool      // only the fields that decide are kept
	wrong  string    // what is malformed
	pseudo pseudo
}

// pseudo is what the pseudo-header fields say (RFC 9113, section 8.3).
type pseudo struct{ method, path, scheme, authority, protocol, status string }

// read finds out what the fields of h say, and whether it is malformed (RFC 9113,
// sections 8.2 and 8.3).
func (h *head) read() {
	regular := false
	for i, kind := range h.Kinds {
		f := &h.Fields[i]
		switch kind {
		case hpack.Regular:
			regular = true
		case hpack.Unknown:
		case hpack.OtherPseudo:
			h.malformed("unknown pseudo-header field " + f.Name)
		case hpack.OfConn, hpack.WrongTE, hpack.WrongName, hpack.WrongValue:
			regular = true
			h.malformed(whyNot(kind, f))
		default:
			h.says(h.pseudo.field(kind), f, regular)
		}
	}
}

// says notes what a pseudo-header field says, which is kept at to.
func (h *head) says(to *string, f *wire.Field, behind bool) {
	switch {
	case *to != "":
		h.malformed(f.Name + " twice")
		return
	case behind:
		h.malformed(f.Name + " behind other fields")
	}
	*to = f.Value
}

// field returns where the value of a pseudo-header field is kept.
func (p *pseudo) field(k hpack.Kind) *string {
	switch k {
	case hpack.Method:
		return &p.method
	case hpack.Path:
		return &p.path
	case hpack.Scheme:
		return &p.scheme
	case hpack.Authority:
		return &p.authority
	case hpack.Protocol:
		return &p.protocol
	}
	return &p.status
}

// whyNot says why f may not be in HTTP/2.
func whyNot(k hpack.Kind, f *wire.Field) string {
	switch k {
	case hpack.OfConn:
		return "the field " + f.Name
	case hpack.WrongTE:
		return "te: " + f.Value
	case hpack.WrongName:
		return "the name " + f.Name
	}
	return "a line end in the value of " + f.Name
}

// malformed notes what is wrong first.
func (h *head) malformed(what string) {
	if h.wrong == "" {
		h.wrong = what
	}
}

// known returns v, or, if fields of the head are not known or not kept, and v may be
// among them, that it is not.
func (h *head) known(v string) string {
	if v == "" && h.partial() {
		return wire.UnknownField
	}
	return v
}

// ends reports whether h looks like trailers, which end a message.
func (h *head) ends() bool { return h.endStream && h.pseudo == (pseudo{}) }

// partial reports whether there are fields that are not known, or not kept.
func (h *head) partial() bool { return h.Lost > 0 || h.Cut || h.short || h.dropped }
