package decode

import (
	"encoding/binary"
	"math/bits"
)

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
			if i = inString(b, i); i == len(b) {
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
			j := inString(b, i+1)
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

// Bytes are looked at eight at once. In a word of them, the first one that is
// searched sets the highest bit of its own byte; others behind it may too.
const (
	each = 0x0101010101010101
	high = 0x80 * each
)

// zero finds bytes that are 0.
func zero(w uint64) uint64 { return (w - each) &^ w & high }

// inString returns where, from i on, the first quote or backslash is in b, or
// its length.
func inString(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		if found := zero(w^'"'*each) | zero(w^'\\'*each); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// inText returns where, from i on, the first control character is in s, or its
// length.
func inText(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		w := word(s[i : i+8])
		if found := (w-' '*each)&^w&high | zero(w^0x7f*each); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] != 0x7f {
		i++
	}
	return i
}

// word is binary.LittleEndian.Uint64 for strings: one instruction.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
