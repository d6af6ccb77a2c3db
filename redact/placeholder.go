package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// A placeholder is "[masked 96 bytes #1f9a03bc]", or without the mark.
const (
	placeholderStart = "[masked "
	placeholderUnit  = " bytes"
	markBytes        = 4 // twice as many hexadecimal digits
)

// placeholder returns what stands in the place of size bytes of secret: how
// many they were, and a mark that is the same wherever the same secret is
// masked. The mark is keyed, so that guesses cannot be tested against a
// recording.
func (r *Redactor) placeholder(secret []byte, size int) string {
	h := hmac.New(sha256.New, r.key)
	h.Write(secret)
	var sum [sha256.Size]byte
	b := append(strconv.AppendInt([]byte(placeholderStart), int64(size), 10), placeholderUnit+" #"...)
	b = hex.AppendEncode(b, h.Sum(sum[:0])[:markBytes])
	return string(append(b, ']'))
}

// partial returns what stands in the place of n bytes that may be only a piece
// of a secret. There is no mark: if a secret comes byte by byte, the same
// marks would show where its bytes repeat.
func partial(n int) string {
	return placeholderStart + strconv.Itoa(n) + placeholderUnit + "]"
}

// isPlaceholder says whether s is a placeholder and nothing else, or several.
// Such a value was masked before, and is left alone.
func isPlaceholder[T string | []byte](s T) bool {
	if len(s) < len(placeholderStart) {
		return false
	}
	for len(s) > 0 {
		n := placeholderSize(s)
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

// placeholderSize returns the size of the placeholder that s begins with, which
// may be percent-encoded; 0 if it begins with none.
func placeholderSize[T string | []byte](s T) int {
	for _, parts := range [...][4]string{{placeholderStart, placeholderUnit, " #", "]"}, {"%5Bmasked%20", "%20bytes", "%20%23", "%5D"}} {
		if i := prefixSize(s, parts[0]); i > 0 {
			return restSize(s, i, parts[1:])
		}
	}
	return 0
}

// restSize returns the size of the placeholder whose number stands at s[i:],
// and whose parts are these; 0 if it is none.
func restSize[T string | []byte](s T, i int, parts []string) int {
	digits := i
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	n := prefixSize(s[i:], parts[0])
	if i == digits || n == 0 {
		return 0
	}
	i += n
	if n = prefixSize(s[i:], parts[1]); n > 0 {
		for i += n; i < len(s) && ('0' <= s[i] && s[i] <= '9' || 'a' <= s[i] && s[i] <= 'f'); {
			i++
		}
	}
	if n = prefixSize(s[i:], parts[2]); n > 0 {
		return i + n
	}
	return 0
}

// prefixSize returns the size of prefix if s begins with it, otherwise 0.
func prefixSize[T string | []byte](s T, prefix string) int {
	if len(s) < len(prefix) || string(s[:len(prefix)]) != prefix {
		return 0
	}
	return len(prefix)
}
