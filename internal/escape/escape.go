// Package escape writes out what is not shown of text that somebody else has chosen.
package escape

import (
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

const hexDigits = "0123456789abcdef"

// Lines returns text that is shown in lines: line feeds and tabs stay, and a carriage
// return before a line feed is left out. All else that is not shown (scan.Shown) is
// written out as Append does.
func Lines(s string) string {
	var dst []byte
	from := 0
	for i := range len(s) {
		switch s[i] {
		case '\n':
			line := s[from:i]
			if n := len(line); n > 0 && line[n-1] == '\r' {
				line = line[:n-1]
			}
			dst, from = append(Append(dst, line), '\n'), i+1
		case '\t':
			dst, from = append(Append(dst, s[from:i]), '\t'), i+1
		}
	}
	return string(Append(dst, s[from:]))
}

// Line returns text that is shown in one line.
func Line(s string) string {
	if scan.Graphic(s) == len(s) {
		return s
	}
	return string(Append(nil, s))
}

// Append appends s with everything that is not shown (scan.Shown) written out as
// AppendRune does, also combining marks of which there are too many in a row. A
// backslash in s stays as it is.
func Append(dst []byte, s string) []byte {
	var marks scan.Marks
	for i := 0; i < len(s); {
		if n := scan.Graphic(s[i:]); n > 0 {
			marks = 0
			dst = append(dst, s[i:i+n]...)
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if over := marks.Over(r); !over && scan.Shown(s, i, r) && (r != utf8.RuneError || n > 1) {
			dst = append(dst, s[i:i+n]...)
		} else {
			dst = AppendRune(dst, r, s[i], n)
		}
		i += n
	}
	return dst
}

// AppendRune appends the escape of one character r of n bytes, or of the byte c if it is
// no character: \n, \r, \t, \e, \xNN for other bytes, \uNNNN and \UNNNNNNNN for
// characters.
func AppendRune(dst []byte, r rune, c byte, n int) []byte {
	if r == utf8.RuneError && n <= 1 || r < utf8.RuneSelf {
		switch c {
		case '\n':
			return append(dst, '\\', 'n')
		case '\r':
			return append(dst, '\\', 'r')
		case '\t':
			return append(dst, '\\', 't')
		case 0x1b:
			return append(dst, '\\', 'e')
		}
		return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
	}
	digits := 4
	dst = append(dst, '\\', 'u')
	if r > 0xffff {
		dst[len(dst)-1], digits = 'U', 8
	}
	for digits > 0 {
		digits--
		dst = append(dst, hexDigits[r>>(4*digits)&15])
	}
	return dst
}
