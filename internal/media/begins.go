package media

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxMessage is the largest message in an envelope that is believed at the
// beginning of a body.
const maxMessage = 1 << 28

// InParts says whether b, the beginning of a body, is that of one that consists of
// parts, as its type says; known is false if more bytes are needed to tell. end says
// that nothing follows b.
func (t Type) InParts(b []byte, end bool) (is, known bool) {
	switch s := NewSplitter(t); {
	case s == nil:
		return false, true
	case t.IsEvents():
		return len(b) > 0 && IsPlain(b), len(b) > 0 || end
	case t.envelope() == plainEnvelope:
		if len(b) < envelopeHead {
			return false, end
		}
		known := b[0]&^(flagCompressed|flagEnd|flagTrailers) == 0
		return known && binary.BigEndian.Uint32(b[1:]) <= maxMessage, true
	}
	b = bytes.TrimLeft(b, "\r\n")
	delimiter := "--" + t.Boundary
	n := min(len(b), len(delimiter))
	if string(b[:n]) != delimiter[:n] {
		return false, true
	}
	return n == len(delimiter), n == len(delimiter) || end
}

// IsPlain says whether b may be the beginning of a text.
func IsPlain(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b || c == 0x7f {
			return false
		}
	}
	whole, _ := jsontext.TrimPartial(b)
	return utf8.Valid(whole)
}
