package http2

import (
	"strings"
	"time"

	"github.com/socktrace/socktrace/decode/internal/http2/hpack"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// block is a field block while its frames come (RFC 9113, section 4.3).
type block struct {
	open      bool // more of it follows
	typ       frameType
	stream    uint32
	promised  uint32 // of PUSH_PROMISE
	endStream bool
	dropped   bool // it cannot be decompressed: not all of it is kept
	frames    int
	at        window.Place // of the first frame
	size      int64        // of all of them
	data      []byte       // of those before the last
	taken     int          // of the account, for that
}

// head is a field section: the head of a message, or its trailers.
type head struct {
	hpack.Block
	block
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
	for i := range h.Fields {
		f := &h.Fields[i]
		if f.Name == wire.UnknownField {
			continue
		}
		if !strings.HasPrefix(f.Name, ":") {
			regular = true
			h.check(f)
			continue
		}
		switch to := h.pseudo.field(f.Name); {
		case to == nil:
			h.malformed("unknown pseudo-header field " + f.Name)
		case *to != "":
			h.malformed(f.Name + " twice")
		case regular:
			h.malformed(f.Name + " behind other fields")
			*to = f.Value
		default:
			*to = f.Value
		}
	}
}

// field returns where the value of a pseudo-header field is kept; nil if there is none
// of that name.
func (p *pseudo) field(name string) *string {
	switch name {
	case ":method":
		return &p.method
	case ":path":
		return &p.path
	case ":scheme":
		return &p.scheme
	case ":authority":
		return &p.authority
	case ":protocol":
		return &p.protocol
	case ":status":
		return &p.status
	}
	return nil
}

// check looks for what may not be in HTTP/2 (RFC 9113, sections 8.2.1 and 8.2.2).
func (h *head) check(f *wire.Field) {
	switch f.Name {
	case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade":
		h.malformed("the field " + f.Name)
	case "te":
		if f.Value != "trailers" {
			h.malformed("te: " + f.Value)
		}
	default:
		if !isFieldName(f.Name) {
			h.malformed("the name " + f.Name)
		}
	}
	if !isFieldValue(f.Value) {
		h.malformed("a line end in the value of " + f.Name)
	}
}

// isFieldValue reports whether s has no line end, nor what ends texts in C.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '\n' || c == '\r' || c == 0 {
			return false
		}
	}
	return true
}

// isFieldName reports whether s is a token without capitals.
func isFieldName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !wire.IsTokenChar(c) || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return s != ""
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
