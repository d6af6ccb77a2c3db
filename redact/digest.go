package redact

import "hash/maphash"

// digest tells a text from others, as long as nobody knows its seed. The zero
// value is that of none.
type digest struct {
	size int
	hash uint64
}

var digestSeed = maphash.MakeSeed()

// digestOf returns the digest of JSON text, without the white space around it.
func digestOf(text []byte) digest {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return digest{len(text), maphash.Bytes(digestSeed, text)}
}

// isBlank says whether c is white space in JSON (RFC 8259, section 2).
func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
