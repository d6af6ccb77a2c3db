package dockerapi

import "strings"

// fold returns s, a path or a query, in lower case and without percent-encoding.
// Nearly all are so: they are returned as they are.
func fold(s string) string {
	i := 0
	for i < len(s) && folded[s[i]] {
		i++
	}
	if i == len(s) {
		return s
	}
	return strings.ToLower(unescape(s))
}

// folded are the bytes that stand for themselves only, in paths and queries.
var folded = func() (class [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789/-._~:@!$&'()*+,;=") {
		class[c] = true
	}
	return class
}()

// unescape takes percent-encoding out of s wherever it is (RFC 3986, section
// 2.1). Unlike url.PathUnescape it does not give up where something is wrong.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if hi, lo := hexDigit(s[i+1]), hexDigit(s[i+2]); hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				i += 2
			}
		}
		b = append(b, c)
	}
	return string(b)
}

// hexDigit returns the value of a hexadecimal digit; -1 if c is none.
func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
