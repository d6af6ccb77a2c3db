package chars

// Lower returns c in lower case, if it is an ASCII letter.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// Hex returns the value of the hexadecimal digit c, -1 if it is none.
func Hex(c byte) int {
	switch c = Lower(c); {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// HasPrefixAt says whether prefix stands at b[i:].
func HasPrefixAt(b []byte, i int, prefix string) bool {
	return i >= 0 && i <= len(b) && len(b)-i >= len(prefix) && string(b[i:i+len(prefix)]) == prefix
}

// HasFoldAt is HasPrefixAt in any case; prefix is in lower case.
func HasFoldAt[T ~string | ~[]byte](b T, i int, prefix string) bool {
	if i < 0 || len(b)-i < len(prefix) {
		return false
	}
	for k := range len(prefix) {
		if Lower(b[i+k]) != prefix[k] {
			return false
		}
	}
	return true
}
