package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// placeholder returns what stands in the place of secret: how long it was, and
// a mark that is the same wherever the same secret is masked. The mark is
// keyed, so that guesses cannot be tested against a recording.
func (r *Redactor) placeholder(secret string) string {
	h := hmac.New(sha256.New, r.key)
	h.Write([]byte(secret))
	return fmt.Sprintf("[masked %d bytes #%x]", len(secret), h.Sum(nil)[:4])
}

// partial returns what stands in the place of n bytes that may be only a piece
// of a secret. There is no mark: if a secret comes byte by byte, the same
// marks would show where its bytes repeat.
func partial(n int) string { return fmt.Sprintf("[masked %d bytes]", n) }
