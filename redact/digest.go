package redact

import (
	"hash/maphash"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// digest tells a text from others, as long as nobody knows its seed. The zero
// value is that of none.
type digest struct {
	size int
	hash uint64
}

// is says whether d is the digest of JSON text.
func (d digest) is(text []byte) bool { return d != digest{} && d == digestOf(text) }

var digestSeed = maphash.MakeSeed()

// digestOf returns the digest of JSON text, without the white space around it.
func digestOf(text []byte) digest {
	for len(text) > 0 && jsontext.IsSpace(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && jsontext.IsSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return digest{len(text), maphash.Bytes(digestSeed, text)}
}
