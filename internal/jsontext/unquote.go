package jsontext

import (
	"bytes"
	"unicode/utf8"
)

// Unquote returns what a string in quotes stands for, as encoding/json reads
// it: bytes that are no UTF-8 are U+FFFD. It reports false if s is no string.
// What has nothing to replace is returned as it stands in s.
func Unquote(s []byte) (_ []byte, ok bool) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return nil, false
	}
	inside := s[1 : len(s)-1]
	same, ok := checkInside(inside)
	switch {
	case !ok:
		return nil, false
	case same:
		return inside, true
	}
	out := make([]byte, 0, len(inside))
	for len(inside) > 0 {
		r, size := escape(inside)
		if size == 0 {
			r, size = utf8.DecodeRune(inside)
		}
		out = utf8.AppendRune(out, r)
		inside = inside[size:]
	}
	return out, true
}

// checkInside says whether b may be the inside of a string, and whether it
// stands for itself.
func checkInside(b []byte) (same, ok bool) {
	same = true
	for i := plainRun(b); i < len(b); i += plainRun(b[i:]) {
		switch c := b[i]; {
		case c == '\\':
			_, n := escape(b[i:])
			if n == 0 {
				return false, false
			}
			same = false
			i += n
		case c == '"' || c < ' ':
			return false, false
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRune(b[i:])
			same = same && (r != utf8.RuneError || n > 1)
			i += n
		}
	}
	return same, true
}

// Named says whether a member's name, in quotes, is want, which has ASCII
// letters other than k and s: those are all that one letter may be written as.
// Case does not matter, since it does not matter to Go's encoding/json, by
// which the Docker Engine reads requests.
func Named(name []byte, want string) bool {
	if len(name) == len(want)+2 {
		return bytes.EqualFold(name[1:len(name)-1], []byte(want))
	}
	const shortest = len(`\u0054`) // shorter escapes are for other characters
	if len(name) < len(want)+1+shortest || bytes.IndexByte(name, '\\') < 0 {
		return false
	}
	s, ok := Unquote(name)
	return ok && bytes.EqualFold(s, []byte(want))
}
