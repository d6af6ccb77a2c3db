package jsontext

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// escape returns the character that the escape sequence at the start of b
// stands for, and its size in b; 0 if it is none (RFC 8259, section 7). Two
// sequences that stand for one character are one. Half of such a pair stands
// for U+FFFD, as encoding/json has it.
func escape(b []byte) (r rune, size int) {
	if len(b) < 2 || b[0] != '\\' {
		return 0, 0
	}
	switch c := b[1]; c {
	case '"', '\\', '/':
		return rune(c), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		return unicodeEscape(b)
	}
	return 0, 0
}

// unicodeEscape is escape for what begins with "\u".
func unicodeEscape(b []byte) (r rune, size int) {
	r, ok := hex4(b)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 6
	case len(b) > 7 && b[6] == '\\' && b[7] == 'u':
		low, _ := hex4(b[6:])
		if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
			return r, 12
		}
	}
	return utf8.RuneError, 6
}

// hex4 returns the number of the four hexadecimal digits behind "\u".
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// Unescape appends what the inside of a string stands for to dst. It takes what
// is cut or broken, too: a backslash that begins no sequence is left out before
// any character but u, and stays before that and at the end; bytes that are not
// UTF-8 stay.
func Unescape(dst, inside []byte) []byte {
	for {
		n := bytes.IndexByte(inside, '\\')
		if n < 0 {
			return append(dst, inside...)
		}
		dst = append(dst, inside[:n]...)
		var size int
		dst, size = appendUnescaped(dst, inside[n:])
		inside = inside[n+size:]
	}
}

// appendUnescaped appends what the byte or escape sequence at the start of b
// stands for, and returns its size in b.
func appendUnescaped(dst, b []byte) ([]byte, int) {
	if r, size := escape(b); size > 0 {
		return utf8.AppendRune(dst, r), size
	}
	if b[0] != '\\' || len(b) < 2 || b[1] == 'u' {
		return append(dst, b[0]), 1
	}
	return append(dst, b[1]), 2
}

// Place follows a place in what Unescape makes of a string to where that is in
// the string itself. The zero value is at the start of both.
type Place struct{ plain, sent int }

// In returns the place in sent, the inside of a string and what follows it, of
// the place n in what it stands for. Places are asked for in order.
func (p *Place) In(sent []byte, n int) int {
	var buf [utf8.UTFMax]byte
	for p.plain < n {
		is, size := appendUnescaped(buf[:0], sent[p.sent:])
		p.plain += len(is)
		p.sent += size
	}
	return p.sent
}
