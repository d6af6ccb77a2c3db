package jsontext

import (
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// maxNested is how deep the arrays and objects of a value may be nested that is
// part of a line: as deep as the usual readers follow.
const maxNested = 10_000

// JSON writes b, if that is one JSON value (RFC 8259) in UTF-8, without the white
// space between its tokens; all else stays as it was sent, but what could drive a
// terminal. Else it writes nothing, and returns false.
func (w *Writer) JSON(key string, b []byte) bool {
	before := len(w.B)
	w.Key(key)
	c := compactor{b: b, dst: w.B, open: w.open[:0]}
	ok := c.value()
	if ok {
		c.flush(len(b), 0)
		w.B = c.dst
	} else {
		w.B = w.B[:before]
	}
	w.open = c.open
	return ok
}

// compactor reads a JSON value, and copies it in pieces as long as possible.
type compactor struct {
	b    []byte
	done int    // of b was copied, or left out
	dst  []byte // with what was copied
	open []byte // the brackets that are open
}

// flush copies what was read up to i, and leaves out the next n bytes.
func (c *compactor) flush(i, n int) {
	c.dst = append(c.dst, c.b[c.done:i]...)
	c.done = i + n
}

// space leaves out the white space at b[i], and returns its size.
func (c *compactor) space(i int) int {
	n := scan.Space(c.b, i) - i
	c.flush(i, n)
	return n
}

// want says what may come next.
type want byte

const (
	wantValue   want = iota
	wantElement      // a value, or the end of the array
	wantMember       // a key, or the end of the object
	wantKey
	wantColon
	wantComma // or the end of the array or object, or of the value
)

// value reads all of b. It returns false if that is not one value.
func (c *compactor) value() bool {
	next := wantValue
	for i := 0; i < len(c.b); {
		n := 1
		switch x := c.b[i]; x {
		case '"':
			if n = c.string(i); n == 0 || next >= wantColon {
				return false
			}
			if next <= wantElement {
				next = wantComma
			} else {
				next = wantColon
			}
		case ':':
			if next != wantColon {
				return false
			}
			next = wantValue
		case ',':
			if next != wantComma || len(c.open) == 0 {
				return false
			}
			if next = wantValue; c.open[len(c.open)-1] == '{' {
				next = wantKey
			}
		case '{', '[':
			if next > wantElement || len(c.open) == maxNested {
				return false
			}
			c.open = append(c.open, x)
			if next = wantElement; x == '{' {
				next = wantMember
			}
		case '}', ']':
			inner := len(c.open) - 1
			if inner < 0 || c.open[inner] != x-2 || next != wantComma && next != wantElement && next != wantMember {
				return false
			}
			c.open = c.open[:inner]
			next = wantComma
		case ' ', '\n', '\r', '\t':
			n = c.space(i)
		default:
			if n = scalarSize(c.b[i:]); n == 0 || next > wantElement {
				return false
			}
			next = wantComma
		}
		i += n
	}
	return next == wantComma && len(c.open) == 0
}

// string reads the string that begins at b[start], and returns its size; 0 if
// it is none.
func (c *compactor) string(start int) int {
	for i := start + 1; ; {
		i += plainRun(c.b[i:])
		if i == len(c.b) {
			return 0
		}
		switch x := c.b[i]; {
		case x == '"':
			return i + 1 - start
		case x == '\\':
			n := escapeSize(c.b[i:])
			if n == 0 {
				return 0
			}
			i += n
		case x < ' ':
			return 0
		default:
			r, n := utf8.DecodeRune(c.b[i:])
			if r == utf8.RuneError && n <= 1 {
				return 0
			}
			if !graphic(r) {
				c.flush(i, n)
				c.dst = AppendRune(c.dst, r)
			}
			i += n
		}
	}
}

// scalarSize returns the size of the number or literal that b begins with, 0 if
// that is none.
func scalarSize(b []byte) int {
	word := ""
	switch b[0] {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	default:
		return numberSize(b)
	}
	if len(b) < len(word) || string(b[:len(word)]) != word {
		return 0
	}
	return len(word)
}

// escapeSize returns the size of the escape sequence that b begins with, 0 if
// that is none (RFC 8259, section 7).
func escapeSize(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		for i := 2; i < 6; i++ {
			if i >= len(b) || !isHex(b[i]) {
				return 0
			}
		}
		return 6
	}
	return 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// numberSize returns the size of the number that b begins with, 0 if that is
// none (RFC 8259, section 6).
func numberSize(b []byte) int {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	whole := digits(b[i:])
	if whole == 0 || whole > 1 && b[i] == '0' {
		return 0
	}
	if i += whole; i < len(b) && b[i] == '.' {
		n := digits(b[i+1:])
		if n == 0 {
			return 0
		}
		i += 1 + n
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		n := digits(b[i:])
		if n == 0 {
			return 0
		}
		i += n
	}
	return i
}

// digits returns how many digits b begins with.
func digits(b []byte) int {
	for i, c := range b {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(b)
}
