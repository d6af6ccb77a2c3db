package decode

import "github.com/socktrace/socktrace/internal/scan"

// borders finds the end of a JSON value by its brackets and strings, however
// its bytes are cut (RFC 8259, section 2). The zero value is at the beginning
// of a value.
type borders struct {
	depth  int
	str    bool // within a string
	esc    bool // behind a backslash within a string
	scalar bool // within a number or a literal at depth 0
}

// scan returns how many bytes of b belong to the value, and whether it ends
// with them.
func (s *borders) scan(b []byte) (n int, end bool) {
	for i := 0; i < len(b); i++ {
		if s.str {
			if s.esc {
				s.esc = false
				continue
			}
			if i = scan.Quote(b, i); i == len(b) {
				return i, false
			}
			if s.esc = b[i] == '\\'; s.esc {
				continue
			}
			if s.str = false; s.depth == 0 {
				return i + 1, true
			}
			continue
		}
		c := b[i]
		if s.depth > 0 && !matters[c] {
			continue
		}
		switch {
		case s.scalar:
			if isSeparator(c) || c == '{' || c == '[' || c == '"' || c == ',' {
				return i, true
			}
		case c == '"':
			j := scan.Quote(b, i+1)
			if s.str = j == len(b) || b[j] != '"'; s.str {
				continue // it is cut, or has escapes
			}
			if i = j; s.depth == 0 {
				return i + 1, true
			}
		case c == '{', c == '[':
			s.depth++
		case c == '}', c == ']':
			if s.depth--; s.depth <= 0 {
				return i + 1, true
			}
		default:
			s.scalar = s.depth == 0
		}
	}
	return len(b), false
}

// matters says which bytes within brackets, but outside of strings, count.
var matters = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true}
