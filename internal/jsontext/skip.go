package jsontext

import "github.com/socktrace/socktrace/internal/scan"

// Skip goes to the end of the outermost value that b begins with, or goes on
// with, by its brackets and strings alone: that is much faster than Next. It
// returns how many bytes of b belong to the value, and whether it ends with
// them; then the scanner is at the beginning of a text again. A number or
// literal in no brackets ends where something else begins.
func (s *Scanner) Skip(b []byte) (n int, ended bool) {
	if len(b) == 0 {
		return 0, false
	}
	i := 0
	if s.in != End {
		if i = s.skipOn(b); s.in != End || s.depth == 0 {
			return i, s.in == End
		}
	}
	for i < len(b) {
		c := b[i]
		if s.depth > 0 && !matters[c] {
			i++
			continue
		}
		switch c {
		case '"':
			if i = scan.Quote(b, i+1); i == len(b) || b[i] != '"' { // it has escapes, or is cut
				if i = s.string(b, i) - 1; s.in != End {
					return len(b), false
				}
			}
			if s.depth == 0 {
				return i + 1, true
			}
		case '{', '[':
			s.depth++
		case '}', ']':
			if s.depth--; s.depth <= 0 {
				s.depth = 0
				return i + 1, true
			}
		default:
			i = s.skipScalar(b, i+1)
			return i, s.in == End
		}
		i++
	}
	return i, false
}

// InScalar says whether the last piece ended in a number or literal, which the
// end of the text may end.
func (s *Scanner) InScalar() bool { return s.in == Number || s.in == Literal }

// matters says which bytes within brackets, but outside of strings, count.
var matters = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true}

// skipOn skips what b has of the token that the last piece ended in.
func (s *Scanner) skipOn(b []byte) int {
	switch {
	case s.in != String:
		return s.skipScalar(b, 0)
	case s.escape:
		return s.string(b, 1)
	}
	return s.string(b, 0)
}

// skipScalar returns where the number or literal ends that b[i] may belong to.
func (s *Scanner) skipScalar(b []byte, i int) int {
	for ; i < len(b); i++ {
		if c := b[i]; IsSeparator(c) || c == ',' || c == '{' || c == '[' || c == '"' {
			s.in = End
			return i
		}
	}
	s.in = Number
	return i
}
