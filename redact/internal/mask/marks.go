package mask

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// Marks makes the placeholders of whole secrets: the mark in one is the same
// wherever the same secret is masked. It is keyed, so that guesses cannot be
// tested against a recording. It is never changed.
type Marks struct{ key []byte }

// markBytes is the size of a mark; it is shown in twice as many hexadecimal
// digits.
const markBytes = 4

// NewMarks returns marks with this key, which it does not keep. Without one it
// is random.
func NewMarks(key []byte) *Marks {
	key = slices.Clone(key)
	if len(key) == 0 {
		key = make([]byte, 32)
		rand.Read(key) // never fails
	}
	return &Marks{key}
}

// Placeholder returns what stands in the place of size bytes of secret.
func (m *Marks) Placeholder(secret []byte, size int) string {
	h := hmac.New(sha256.New, m.key)
	h.Write(secret)
	var sum [sha256.Size]byte
	b := append(strconv.AppendInt([]byte(start), int64(size), 10), unit+" #"...)
	b = hex.AppendEncode(b, h.Sum(sum[:0])[:markBytes])
	return string(append(b, ']'))
}

// Of returns what stands in the place of secret.
func (m *Marks) Of(secret string) string { return m.Placeholder([]byte(secret), len(secret)) }
