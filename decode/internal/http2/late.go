package http2

import (
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// IsLate tells whether b, with which a direction begins that may have begun before, is
// of HTTP/2.
func IsLate(b []byte, ended bool) content.Looks {
	if len(b) == 0 {
		return content.TooFew
	}
	_, looks := runAt(b, ended, runSpan, runLength)
	return looks
}

// Sender tells which side has sent b, which IsLate: what its heads begin with says so,
// if it is in the static table (RFC 7541, appendix A). It returns false if none does.
func Sender(b []byte) (wire.Dir, bool) {
	for len(b) > headerSize {
		h := parseHeader(b)
		if h.typ == headers && h.size() <= len(b) {
			if part, ok := h.fragment(b[headerSize:h.size()], new(block)); ok && len(part) > 0 {
				switch i := part[0]; {
				case 0x82 <= i && i <= 0x87: // :method, :path, :scheme
					return wire.ToServer, true
				case 0x88 <= i && i <= 0x8e, i == 0x48: // :status
					return wire.ToClient, true
				}
			}
		}
		b = b[min(h.size(), len(b)):]
	}
	return 0, false
}
