// Package mask puts placeholders in the place of secrets. It knows nothing of
// how they are found.
package mask

import "strconv"

// A placeholder is "[masked 96 bytes #1f9a03bc]", or without the mark.
const (
	start = "[masked "
	unit  = " bytes"
)

// Partial returns what stands in the place of n bytes that may be only a piece
// of a secret. There is no mark: if a secret comes byte by byte, the same
// marks would show where its bytes repeat.
func Partial(n int) string {
	return start + strconv.Itoa(n) + unit + "]"
}

// Is says whether s is a placeholder and nothing else, or several. Such a value
// was masked before, and is left alone.
func Is[T string | []byte](s T) bool {
	if len(s) < len(start) {
		return false
	}
	for len(s) > 0 {
		n := Size(s)
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

// Size returns the size of the placeholder that s begins with, which may be
// percent-encoded; 0 if it begins with none.
func Size[T string | []byte](s T) int {
	for _, parts := range [...][4]string{{start, unit, " #", "]"}, {"%5Bmasked%20", "%20bytes", "%20%23", "%5D"}} {
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
