package media

import (
	"encoding/base64"

	"golang.org/x/text/transform"
)

// Transfer returns what removes an encoding of a part, or of all of a body of type
// t; nil if there is none that is known.
func Transfer(encoding string, t Type) transform.Transformer {
	if encoding == "base64" || t.envelope() == base64Envelope {
		return new(unbase64)
	}
	return nil
}

// Unwrapped returns the type of a body of type t without the encoding that the
// type has.
func (t Type) Unwrapped() Type {
	if t.envelope() == base64Envelope {
		t.Media = "application/grpc-web+json"
	}
	return t
}

// FromBase64 returns what b stands for.
func FromBase64(b []byte) []byte {
	plain, _, _ := transform.Bytes(new(unbase64), b) // it never fails
	return plain
}

// unbase64 reads base64 (RFC 4648, section 4) in lines of any length; padding may
// stand wherever a sender began anew. What is none is left out.
type unbase64 struct {
	group [4]byte
	n     int
}

// Reset forgets what is not complete.
func (u *unbase64) Reset() { u.n = 0 }

// Transform is that of transform.Transformer.
func (u *unbase64) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for ; nSrc < len(src); nSrc++ {
		if len(dst)-nDst < 3 {
			return nDst, nSrc, transform.ErrShortDst
		}
		c := src[nSrc]
		if !inBase64(c) {
			continue
		}
		u.group[u.n] = c
		if u.n++; u.n == len(u.group) {
			nDst += u.decode(dst[nDst:])
		}
	}
	if atEOF && u.n > 1 {
		if len(dst)-nDst < 3 {
			return nDst, nSrc, transform.ErrShortDst
		}
		for u.n < len(u.group) {
			u.group[u.n] = '='
			u.n++
		}
		nDst += u.decode(dst[nDst:])
	}
	return nDst, nSrc, nil
}

// decode puts what the group stands for into dst.
func (u *unbase64) decode(dst []byte) int {
	var b [3]byte
	n, _ := base64.StdEncoding.Decode(b[:], u.group[:])
	u.n = 0
	return copy(dst, b[:n])
}

func inBase64(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '='
}
