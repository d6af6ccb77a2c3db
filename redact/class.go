package redact

import "strings"

// class is a set of bytes.
type class [256]bool

// newClass returns the set of the letters and digits that letters names ("a"
// lower case, "A" upper case, "0" digits), and of the bytes in others.
func newClass(letters, others string) *class {
	c := new(class)
	for b := range c {
		c[b] = 'a' <= b && b <= 'z' && strings.Contains(letters, "a") ||
			'A' <= b && b <= 'Z' && strings.Contains(letters, "A") ||
			'0' <= b && b <= '9' && strings.Contains(letters, "0") ||
			strings.IndexByte(others, byte(b)) >= 0
	}
	return c
}

// not returns the set of the other bytes.
func (c *class) not() *class {
	n := new(class)
	for b := range n {
		n[b] = !c[b]
	}
	return n
}

// run returns how many bytes of c the text begins with.
func (c *class) run(b []byte) int {
	for i, x := range b {
		if !c[x] {
			return i
		}
	}
	return len(b)
}

// find returns how many bytes of the text stand before the first of c.
func (c *class) find(b []byte) int {
	for i, x := range b {
		if c[x] {
			return i
		}
	}
	return len(b)
}

// lower returns c in lower case, if it is an ASCII letter.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// hasPrefixAt says whether prefix stands at b[i:].
func hasPrefixAt(b []byte, i int, prefix string) bool {
	return i >= 0 && i <= len(b) && len(b)-i >= len(prefix) && string(b[i:i+len(prefix)]) == prefix
}

// hasFoldAt is hasPrefixAt in any case; prefix is in lower case.
func hasFoldAt[T string | []byte](b T, i int, prefix string) bool {
	if i < 0 || len(b)-i < len(prefix) {
		return false
	}
	for k := range len(prefix) {
		if lower(b[i+k]) != prefix[k] {
			return false
		}
	}
	return true
}
