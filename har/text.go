package har

import (
	"unicode"
	"unicode/utf8"
)

// appendString appends s as a JSON string (RFC 8259, section 7). What could
// drive a terminal is escaped, which means the same. Text that is not UTF-8 is
// read as Latin-1, as field values once were defined (RFC 9110, section 5.5):
// what is written is always valid. ok is false if that was so.
func appendString[S ~string | ~[]byte](dst []byte, s S) (_ []byte, ok bool) {
	dst = append(dst, '"')
	start, latin1 := len(dst), false
	for i := 0; i < len(s); {
		n := i
		for n < len(s) && plain[s[n]] {
			n++
		}
		dst = append(dst, s[i:n]...)
		if i = n; i == len(s) {
			break
		}
		r, n := decodeRune(s[i:])
		if latin1 {
			r, n = rune(s[i]), 1
		} else if r == utf8.RuneError && n <= 1 {
			dst, i, latin1 = dst[:start], 0, true
			continue
		}
		dst = appendRune(dst, r)
		i += n
	}
	return append(dst, '"'), !latin1
}

// plain are the bytes that stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// decodeRune is utf8.DecodeRune for both kinds of text.
func decodeRune[S ~string | ~[]byte](s S) (rune, int) {
	var b [utf8.UTFMax]byte
	return utf8.DecodeRune(b[:copy(b[:], s)])
}

// appendRune appends one character of a JSON string.
func appendRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\r':
		return append(dst, '\\', 'r')
	case r == '\t':
		return append(dst, '\\', 't')
	case r >= utf8.RuneSelf && unicode.IsGraphic(r):
		return utf8.AppendRune(dst, r)
	case r > 0xffff:
		r -= 0x10000
		return appendHex4(appendHex4(dst, 0xd800+r>>10), 0xdc00+r&0x3ff)
	}
	return appendHex4(dst, r)
}

func appendHex4(dst []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}

// fromLatin1 returns the bytes that the characters of s stand for. Characters
// that stand for none are left as they are.
func fromLatin1(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// trimPartial splits b before the beginning of a character at its end.
func trimPartial(b []byte) (whole, part []byte) {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i], b[i:]
			}
			break
		}
	}
	return b, nil
}
