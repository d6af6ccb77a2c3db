package field

import "github.com/socktrace/socktrace/redact/internal/chars"

// tokenChars are what names of fields consist of (RFC 9110, section 5.6.2).
var tokenChars = chars.Of("aA0", "!#$%&'*+-.^_`|~")

// FirstToken cuts the token that s begins with off it.
func FirstToken(s string) (token, rest string) {
	i := 0
	for i < len(s) && tokenChars[s[i]] {
		i++
	}
	return s[:i], s[i:]
}

// LastToken returns the last run of token characters in s.
func LastToken[T ~string | ~[]byte](s T) T {
	end := len(s)
	for end > 0 && !tokenChars[s[end-1]] {
		end--
	}
	start := end
	for start > 0 && tokenChars[s[start-1]] {
		start--
	}
	return s[start:end]
}
