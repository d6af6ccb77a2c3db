// Package chars has sets of bytes, and looks at ASCII text in any case.
package chars

// Set is a set of bytes. It is never changed.
type Set [256]bool

// Alnum are the letters and digits.
var Alnum = Of("aA0", "")

// Of returns the set of the letters and digits that letters names ("a" lower
// case, "A" upper case, "0" digits), and of the bytes in others.
func Of(letters, others string) *Set {
	s := new(Set)
	for _, c := range []byte(letters) {
		switch c {
		case 'a', 'A':
			s.add(c, 26)
		case '0':
			s.add(c, 10)
		default:
			panic("no letters go by " + letters)
		}
	}
	for _, c := range []byte(others) {
		s[c] = true
	}
	return s
}

// add adds the n bytes from first on.
func (s *Set) add(first byte, n int) {
	for i := range n {
		s[int(first)+i] = true
	}
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
