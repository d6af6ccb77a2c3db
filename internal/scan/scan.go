// Package scan finds the bytes at which text stops being ordinary. It looks at
// eight at once where they mostly are.
package scan

import "math/bits"

// Text is what is looked through.
type Text interface{ ~string | ~[]byte }

// Bytes are looked at eight at once. In a word of them, the first one that is
// searched sets the highest bit of its own byte; others behind it may too. A byte
// that is 0 does so when 1 is taken from it, as one that is less than a space does
// when a space is: no other, but those that have the bit anyway, beyond ASCII.
const (
	each = 0x0101010101010101
	high = 0x80 * each
)

// Load returns the first eight bytes of s as a number, the first one lowest.
// There must be as many.
func Load[S Text](s S) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Load4 is Load for four.
func Load4[S Text](s S) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// Quote returns where, from i on, the first quote or backslash is in b, or its
// length: what ends a JSON string, or begins an escape in it (RFC 8259, section
// 7). If i is not in b, it returns i.
func Quote(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if found := Quotes(Load(b[i : i+8])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// Quotes finds, in eight bytes as Load has them, quotes and backslashes. The lowest bit
// that is set is in the lowest of them; it returns 0 if there is none.
func Quotes(w uint64) uint64 {
	quote, back := w^'"'*each, w^'\\'*each
	return ((quote - each) | (back - each)) &^ w & high
}

// Control returns where, from i on, the first control character (C0, DEL) is in
// s, or its length.
func Control(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		w := Load(s[i : i+8])
		del := w ^ 0x7f*each
		if found := ((w - ' '*each) | (del - each)) &^ w & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] != 0x7f {
		i++
	}
	return i
}

// Graphic returns how many bytes at the start of s are graphic ASCII, or spaces.
func Graphic[S Text](s S) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if found := notGraphic(Load(s[i : i+8])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	switch n := len(s); {
	case i == n:
		return n
	case n >= 8: // the last eight, of which some were looked at
		if found := notGraphic(Load(s[n-8:])); found != 0 {
			return n - 8 + bits.TrailingZeros64(found)/8
		}
		return n
	case n >= 4: // the first four and the last, mostly of a short word
		if notGraphic(uint64(Load4(s[n-4:]))<<32|uint64(Load4(s))) == 0 {
			return n
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] < 0x7f {
		i++
	}
	return i
}

// notGraphic finds bytes that are neither graphic ASCII nor spaces.
func notGraphic(w uint64) uint64 {
	del := w ^ 0x7f*each
	return (w | (w - ' '*each) | (del - each)) & high
}

// Escaped finds, in eight bytes as Load has them, those that do not stand for
// themselves in a JSON string, or could drive a terminal: all that are not
// graphic ASCII, quotes and backslashes. The lowest bit that is set is in the
// lowest of them; it returns 0 if there is none.
func Escaped(w uint64) uint64 {
	quote, back, del := w^'"'*each, w^'\\'*each, w^0x7f*each
	return (w | (w - ' '*each) | (quote - each) | (back - each) | (del - each)) & high
}
