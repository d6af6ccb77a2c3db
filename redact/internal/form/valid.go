package form

import (
	"bytes"
	"encoding/base64"
)

// validBasic says whether b may be the credentials of the Basic scheme, and
// not just a word behind "basic" (RFC 7617, section 2).
func validBasic(b []byte) bool {
	b = bytes.TrimRight(b, "=")
	if len(b) > 512 || varied(b, 12) {
		return true
	}
	var buf [512]byte
	for _, enc := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if n, err := enc.Decode(buf[:], b); err == nil && bytes.IndexByte(buf[:n], ':') >= 0 {
			return true
		}
	}
	return false
}

// validBearer says whether b may be a bearer token, and not just a word behind
// "bearer" (RFC 6750, section 2.1).
func validBearer(b []byte) bool { return len(b) >= 24 || varied(b, 6) }

// varied says whether b has at least n bytes, a digit and a letter among them.
func varied(b []byte, n int) bool {
	some := digits.Count(b)
	return len(b) >= n && some > 0 && some < len(b)
}

// validPEM says whether b is the inside of a PEM block, and not just text that
// speaks of one: some line of it is long.
func validPEM(b []byte) bool {
	for len(b) > 0 {
		n := base64any.Run(b)
		if n >= 32 {
			return true
		}
		b = b[min(n+1, len(b)):]
	}
	return false
}
