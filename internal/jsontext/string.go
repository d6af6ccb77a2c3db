package jsontext

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// AppendString appends s as a JSON string. What could drive a terminal is
// escaped, which means the same. Text that is not UTF-8 is read as Latin-1, as
// field values once were defined (RFC 9110, section 5.5), so that no byte is
// lost; ok is false if that was so.
func AppendString[S scan.Text](dst []byte, s S) (_ []byte, ok bool) {
	if len(s) <= shortString && allPlain(s) {
		n := len(dst)
		dst = slices.Grow(dst, len(s)+2)[:n+len(s)+2]
		dst[n], dst[len(dst)-1] = '"', '"'
		copy(dst[n+1:], s)
		return dst, true
	}
	dst = append(dst, '"')
	start := len(dst)
	dst, i := appendASCII(dst, s)
	var marks scan.Marks
	for i < len(s) {
		r, n := decodeRune(s[i:])
		if r == utf8.RuneError && n <= 1 {
			return appendLatin1(dst[:start], s), false
		}
		switch over := marks.Over(r); {
		case over:
			dst = appendEscape(dst, r)
		case scan.Shown(s, i, r) && r >= utf8.RuneSelf:
			dst = append(dst, s[i:i+n]...)
		default:
			dst = AppendRune(dst, r)
		}
		i += n
		if i < len(s) && plain[s[i]] { // an accent within a word rather than another script
			dst, n = appendASCII(dst, s[i:])
			i += n
			marks = 0
		}
	}
	return append(dst, '"'), true
}

// shortString is how long a string may be that is looked at first, and copied
// as a whole if there is nothing to escape in it: what is longer is mostly JSON,
// whose quotes have to be.
const shortString = 256

// appendASCII appends the beginning of s, up to what is neither plain nor a
// quote nor a backslash, and returns how much of s that is. It copies eight bytes
// at once, also those that it finds must not be copied: they are written over.
func appendASCII[S scan.Text](dst []byte, s S) ([]byte, int) {
	n := len(dst)
	dst = slices.Grow(dst, 2*len(s)+8) // each byte may become two
	dst = dst[:cap(dst)]
	i := 0
	for len(s)-i >= 8 {
		x := scan.Load(s[i : i+8])
		binary.LittleEndian.PutUint64(dst[n:], x)
		special := scan.Escaped(x)
		if special == 0 {
			i += 8
			n += 8
			continue
		}
		k := bits.TrailingZeros64(special) / 8
		i += k
		n += k
		c := s[i]
		if c != '"' && c != '\\' {
			return dst[:n], i
		}
		dst[n], dst[n+1] = '\\', c
		i++
		n += 2
	}
	for ; i < len(s); i++ {
		c := s[i]
		if !plain[c] {
			if c != '"' && c != '\\' {
				break
			}
			dst[n] = '\\'
			n++
		}
		dst[n] = c
		n++
	}
	return dst[:n], i
}

// appendLatin1 appends the characters that the bytes of s stand for, and a
// quote.
func appendLatin1[S scan.Text](dst []byte, s S) []byte {
	for i := range len(s) {
		dst = AppendRune(dst, rune(s[i]))
	}
	return append(dst, '"')
}

// allPlain reports whether all bytes of s stand for themselves in a JSON string.
func allPlain[S scan.Text](s S) bool {
	switch {
	case len(s) < 4:
		for i := range len(s) {
			if !plain[s[i]] {
				return false
			}
		}
		return true
	case len(s) < 8:
		return scan.Escaped(uint64(scan.Load4(s))<<32|uint64(scan.Load4(s[len(s)-4:]))) == 0
	}
	for i := 0; len(s)-i > 8; i += 8 {
		if scan.Escaped(scan.Load(s[i:i+8])) != 0 {
			return false
		}
	}
	return scan.Escaped(scan.Load(s[len(s)-8:])) == 0
}

// plainRun returns how many bytes at the start of s stand for themselves in a
// JSON string.
func plainRun[S scan.Text](s S) int {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if special := scan.Escaped(scan.Load(s[i : i+8])); special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for ; i < len(s) && plain[s[i]]; i++ {
	}
	return i
}

// plain are the bytes that stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// decodeRune is utf8.DecodeRune for both kinds of text.
func decodeRune[S scan.Text](s S) (rune, int) {
	var b [utf8.UTFMax]byte
	return utf8.DecodeRune(b[:copy(b[:], s)])
}

// AppendRune appends one character of a JSON string (RFC 8259, section 7).
func AppendRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\r':
		return append(dst, '\\', 'r')
	case r == '\t':
		return append(dst, '\\', 't')
	case scan.Glyph(r):
		return utf8.AppendRune(dst, r)
	}
	return appendEscape(dst, r)
}

// appendEscape appends a character by its number.
func appendEscape(dst []byte, r rune) []byte {
	if r > 0xffff {
		r -= 0x10000
		return appendHex4(appendHex4(dst, 0xd800+r>>10), 0xdc00+r&0x3ff)
	}
	return appendHex4(dst, r)
}

func appendHex4(dst []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
