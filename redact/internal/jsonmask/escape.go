package jsonmask

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// unescape appends to out the inside of a string without its escapes. What is
// no escape stays.
func unescape(out, inside []byte) []byte {
	for len(inside) > 0 {
		n := bytes.IndexByte(inside, '\\')
		if n < 0 {
			return append(out, inside...)
		}
		out = append(out, inside[:n]...)
		var size int
		out, size = escape(out, inside[n:])
		inside = inside[n+size:]
	}
	return out
}

// escape appends to out what the character that b begins with stands for, and
// returns its size in b (RFC 8259, section 7).
func escape(out, b []byte) ([]byte, int) {
	if b[0] != '\\' || len(b) < 2 {
		return append(out, b[0]), 1
	}
	switch c := b[1]; c {
	case 'n':
		return append(out, '\n'), 2
	case 't':
		return append(out, '\t'), 2
	case 'r':
		return append(out, '\r'), 2
	case 'b':
		return append(out, '\b'), 2
	case 'f':
		return append(out, '\f'), 2
	case 'u':
		return unicodeEscape(out, b)
	default:
		return append(out, c), 2
	}
}

// unicodeEscape is escape for those that begin with "\u". Two that stand for
// one character are one.
func unicodeEscape(out, b []byte) ([]byte, int) {
	v, ok := hex4(b)
	if !ok {
		return append(out, b[0]), 1
	}
	if utf16.IsSurrogate(v) && len(b) > 7 && b[6] == '\\' && b[7] == 'u' {
		if low, ok := hex4(b[6:]); ok {
			if r := utf16.DecodeRune(v, low); r != utf8.RuneError {
				return utf8.AppendRune(out, r), 12
			}
		}
	}
	return utf8.AppendRune(out, v), 6
}

// hex4 returns the number in an escape with four hexadecimal digits.
func hex4(b []byte) (v rune, ok bool) {
	if len(b) < 6 {
		return 0, false
	}
	for _, c := range b[2:6] {
		d := chars.Hex(c)
		if d < 0 {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, true
}

// offset follows a place in a string without escapes to where it is in the
// string as it was sent. Places are asked for in order.
type offset struct{ plain, sent int }

// in returns the place in sent, the inside of a string and what follows it, of
// the place n in what unescape makes of it.
func (o *offset) in(sent []byte, n int) int {
	var buf [8]byte
	for o.plain < n {
		is, size := escape(buf[:0], sent[o.sent:])
		o.plain += len(is)
		o.sent += size
	}
	return o.sent
}
