package wire

import "strings"

// IsTokenChar says whether c may be in a token, such as a method or the name of
// a field (RFC 9110, section 5.6.2).
func IsTokenChar(c byte) bool { return tokenChars[c] }

// tokenChars is never changed.
var tokenChars = func() (t [256]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.IndexByte("!#$%&'*+-.^_`|~", byte(c)) >= 0
	}
	return t
}()

// IsToken says whether s is a token.
func IsToken(s string) bool {
	for i := range len(s) {
		if !IsTokenChar(s[i]) {
			return false
		}
	}
	return s != ""
}
