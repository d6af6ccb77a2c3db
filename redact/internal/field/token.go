package field

import "github.com/socktrace/socktrace/wire"

// FirstToken cuts the token that s begins with off it.
func FirstToken[T ~string | ~[]byte](s T) (token, rest T) {
	i := 0
	for i < len(s) && wire.IsTokenChar(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// LastToken returns the last run of token characters in s.
func LastToken[T ~string | ~[]byte](s T) T {
	end := len(s)
	for end > 0 && !wire.IsTokenChar(s[end-1]) {
		end--
	}
	start := end
	for start > 0 && wire.IsTokenChar(s[start-1]) {
		start--
	}
	return s[start:end]
}
