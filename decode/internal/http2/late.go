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
		if dir, ok := h.sender(b); ok {
			return dir, true
		}
		b = b[min(h.size(), len(b)):]
	}
	return 0, false
}

// sender is Sender for the frame that b begins with.
func (h header) sender(b []byte) (wire.Dir, bool) {
	if h.typ != headers || h.size() > len(b) {
		return 0, false
	}
	part, ok := h.fragment(b[headerSize:h.size()], new(block))
	if !ok || len(part) == 0 {
		return 0, false
	}
	switch i := part[0]; {
	case 0x82 <= i && i <= 0x87: // :method, :path, :scheme
		return wire.ToServer, true
	case 0x88 <= i && i <= 0x8e, i == 0x48: // :status
		return wire.ToClient, true
	}
	return 0, false
}

// Joins tells whether b, with which a packet begins, goes on with a connection, and who
// has sent it, if that is known. It waits for the first head, if there are but frames of
// the connection itself until then.
func Joins(b []byte, ended bool) (looks content.Looks, dir wire.Dir, known bool) {
	if looks = goes(b, ended); looks != content.Yes {
		return looks, 0, false
	}
	for n, streams := 0, false; n < freshLength || !streams; n++ {
		if len(b) < headerSize {
			return waits(ended), 0, false
		}
		h := parseHeader(b)
		if !h.plausible(b[5]&0x80 != 0) {
			break
		}
		if h.typ == headers && h.size() > len(b) {
			return waits(ended), 0, false
		}
		if dir, known = h.sender(b); known {
			break
		}
		streams = streams || h.stream != 0
		b = b[min(h.size(), len(b)):]
	}
	return content.Yes, dir, known
}

// waits is Yes where nothing more comes, else TooFew.
func waits(ended bool) content.Looks {
	if ended {
		return content.Yes
	}
	return content.TooFew
}
