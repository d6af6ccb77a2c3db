package strace

import "bytes"

// str is a string as strace prints it.
type str struct {
	data []byte
	cut  bool // strace printed no more of it
}

// unquote reads the string that b begins with, in quotes, appending it to buf, and
// returns what is behind it. Escapes are those of strace: of C, octal, or hexadecimal
// (-x, -xx).
func unquote(buf, b []byte) (s str, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return str{}, b, false
	}
	b = b[1:]
	for {
		n := bytes.IndexAny(b, "\"\\")
		if n < 0 {
			return str{}, b, false
		}
		buf = append(buf, b[:n]...)
		if b[n] == '"' {
			b = b[n+1:]
			break
		}
		c, size := unescape(b[n:])
		if size == 0 {
			return str{}, b, false
		}
		buf, b = append(buf, c), b[n+size:]
	}
	rest, cut := bytes.CutPrefix(b, []byte("..."))
	return str{buf, cut}, rest, true
}

// unescape reads the escape that b begins with, and returns how long that is; 0 if it is
// none.
func unescape(b []byte) (c byte, size int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch c := b[1]; c {
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'v':
		return '\v', 2
	case 'f':
		return '\f', 2
	case 'a':
		return '\a', 2
	case 'b':
		return '\b', 2
	case 'e':
		return 0x1b, 2
	case 'x':
		if len(b) < 4 {
			return 0, 0
		}
		hi, lo := hexDigit(b[2]), hexDigit(b[3])
		if hi < 0 || lo < 0 {
			return 0, 0
		}
		return byte(hi<<4 | lo), 4
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v, n := 0, 1
		for ; n < len(b) && n < 4 && b[n] >= '0' && b[n] <= '7'; n++ {
			v = v<<3 | int(b[n]-'0')
		}
		return byte(v), n
	default:
		return c, 2
	}
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// plain returns text in which there may be escapes.
func plain(b []byte) string {
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b)
	}
	s, _, _ := unquote(nil, append(append([]byte{'"'}, b...), '"'))
	return string(s.data)
}

// quotedEnd returns how long the string is that b begins with, in quotes; -1 if it has no
// end.
func quotedEnd(b []byte) int {
	for i := 1; i < len(b); {
		n := bytes.IndexAny(b[i:], "\"\\")
		if n < 0 {
			return -1
		}
		if i += n; b[i] == '"' {
			return i + 1
		}
		i += 2
	}
	return -1
}

// decorEnd returns how long the description of a descriptor is that b begins with, as in
// 3</dev/null<char 1:3>>; -1 if it has no end. The arrow of a socket's addresses does
// not end it, nor what is in quotes there.
func decorEnd(b []byte) int {
	socket := len(b) > 1 && b[1] >= 'A' && b[1] <= 'Z'
	depth := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '<':
			depth++
		case c == '>' && socket && b[i-1] == '-':
		case c == '>':
			if depth--; depth == 0 {
				return i + 1
			}
		case c == '"' && socket:
			n := quotedEnd(b[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		}
	}
	return -1
}

// maxUnended is how many descriptions without an end there may be in a list until no more
// are looked for: each was looked for up to the end of the line.
const maxUnended = 16

// split takes apart a list at its commas, up to the bracket that closes it, appending
// its parts to list; rest is what is behind that bracket. ok is false if there is none:
// then the last part is what there is of one.
func split(list [][]byte, b []byte) (parts [][]byte, rest []byte, ok bool) {
	depth, from, unended := 0, 0, 0
	part := func(to int) {
		if p := bytes.TrimSpace(b[from:to]); len(p) > 0 {
			list = append(list, p)
		}
		from = to + 1
	}
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			n := quotedEnd(b[i:])
			if n < 0 {
				part(len(b))
				return list, nil, false
			}
			i += n - 1
		case '<':
			if i == 0 || b[i-1] < '0' || b[i-1] > '9' || i+1 < len(b) && b[i+1] == '<' {
				continue
			}
			if unended > maxUnended {
				continue
			}
			if n := decorEnd(b[i:]); n > 0 {
				i += n - 1
			} else {
				unended++
			}
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				part(i)
				return list, b[i+1:], true
			}
			depth--
		case ',':
			if depth == 0 {
				part(i)
			}
		}
	}
	part(len(b))
	return list, nil, false
}

// number reads the decimal number that b begins with; n is its length, 0 if there is
// none.
func number(b []byte) (v int64, n int) {
	b, negative := bytes.CutPrefix(b, []byte("-"))
	for n < len(b) && b[n] >= '0' && b[n] <= '9' && n < 18 {
		v = v*10 + int64(b[n]-'0')
		n++
	}
	if negative && n > 0 {
		return -v, n + 1
	}
	return v, n
}
