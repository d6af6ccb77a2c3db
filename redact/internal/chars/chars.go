// Package chars has sets of bytes, and looks at ASCII text in any case.
package chars

import "strings"

// Set is a set of bytes. It is never changed.
type Set [256]bool

// Alnum are the letters and digits.
var Alnum = Of("aA0", "")

// Of returns the set of the letters and digits that letters names ("a" lower
// case, "A" upper case, "0" digits), and of the bytes in others.
func Of(letters, others string) *Set {
	s := new(Set)
	for b := range s {
		s[b] = 'a' <= b && b <= 'z' && strings.Contains(letters, "a") ||
			'A' <= b && b <= 'Z' && strings.Contains(letters, "A") ||
			'0' <= b && b <= '9' && strings.Contains(letters, "0") ||
			strings.IndexByte(others, byte(b)) >= 0
	}
	return s
}

// Not returns the set of the other bytes.
func (s *Set) Not() *Set {
	n := new(Set)
	for b := range n {
		n[b] = !s[b]
	}
	return n
}

// Run returns how many bytes of s the text begins with.
func (s *Set) Run(b []byte) int {
	for i, x := range b {
		if !s[x] {
			return i
		}
	}
	return len(b)
}

// Find returns how many bytes of the text stand before the first of s.
func (s *Set) Find(b []byte) int {
	for i, x := range b {
		if s[x] {
			return i
		}
	}
	return len(b)
}

// Count returns how many bytes of b are in s.
func (s *Set) Count(b []byte) (n int) {
	for _, x := range b {
		if s[x] {
			n++
		}
	}
	return n
}
