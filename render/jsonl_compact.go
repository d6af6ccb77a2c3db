package render

import (
	"bytes"
	"unicode/utf8"
)

// maxNested is how deep the arrays and objects of a value may be nested that is
// part of a line: as deep as the usual readers follow.
const maxNested = 10_000

// appendCompactJSON appends b, if that is one JSON value (RFC 8259) in UTF-8,
// without the white space between its tokens; all else stays as it was sent, but
// what could drive a terminal. Else it returns dst and false.
func appendCompactJSON(dst, b []byte) ([]byte, bool) {
	var nested [64]byte
	c := compactor{b: b, dst: dst, open: nested[:0]}
	if !c.value() {
		return dst, false
	}
	return c.flush(len(b)), true
}

// compactor reads a JSON value, and copies it in pieces as long as possible.
type compactor struct {
	b    []byte
	i    int    // of b was read
	done int    // of b was copied, or left out
	dst  []byte // with what was copied
	open []byte // the brackets that are open
}

// flush copies what was read up to i.
func (c *compactor) flush(i int) []byte {
	c.dst = append(c.dst, c.b[c.done:i]...)
	c.done = i
	return c.dst
}

// peek returns the next byte that is no white space, which it leaves out; 0 at
// the end.
func (c *compactor) peek() byte {
	if c.i < len(c.b) && c.b[c.i] <= ' ' {
		if end := skipSpace(c.b, c.i); end > c.i {
			c.flush(c.i)
			c.i, c.done = end, end
		}
	}
	if c.i == len(c.b) {
		return 0
	}
	return c.b[c.i]
}

// value reads all of b. It returns false if that is not one value.
func (c *compactor) value() bool {
	for len(c.open) <= maxNested {
		switch c.peek() {
		case '{':
			if c.push('{'); c.peek() != '}' {
				if !c.key() {
					return false
				}
				continue
			}
		case '[':
			if c.push('['); c.peek() != ']' {
				continue
			}
		default:
			if !c.scalar() {
				return false
			}
		}
		if more, ok := c.after(); !more {
			return ok
		}
	}
	return false
}

// push opens an array or object.
func (c *compactor) push(bracket byte) {
	c.open = append(c.open, bracket)
	c.i++
}

// pop closes it.
func (c *compactor) pop() {
	c.open = c.open[:len(c.open)-1]
	c.i++
}

// after reads what is behind a value, up to the next one; more says that there
// is one.
func (c *compactor) after() (more, ok bool) {
	for len(c.open) > 0 && len(c.open) <= maxNested {
		inner := c.open[len(c.open)-1]
		switch next := c.peek(); {
		case next == ',':
			c.i++
			ok = inner == '[' || c.key()
			return ok, ok
		case next == inner+2: // '{' and '}', '[' and ']' are two apart
			c.pop()
		default:
			return false, false
		}
	}
	return false, len(c.open) == 0 && c.peek() == 0 && c.i == len(c.b)
}

// key reads a key and the colon behind it.
func (c *compactor) key() bool {
	if c.peek() != '"' || !c.string() || c.peek() != ':' {
		return false
	}
	c.i++
	return true
}

// scalar reads a string, a number or a literal.
func (c *compactor) scalar() bool {
	switch c.peek() {
	case '"':
		return c.string()
	case 't':
		return c.word("true")
	case 'f':
		return c.word("false")
	case 'n':
		return c.word("null")
	}
	n := numberSize(c.b[c.i:])
	c.i += n
	return n > 0
}

// word reads a literal.
func (c *compactor) word(w string) bool {
	ok := bytes.HasPrefix(c.b[c.i:], []byte(w))
	c.i += len(w)
	return ok
}

// string reads a string.
func (c *compactor) string() bool {
	for c.i++; ; {
		c.i += plainRun(c.b[c.i:])
		if c.i == len(c.b) {
			return false
		}
		switch x := c.b[c.i]; {
		case x == '"':
			c.i++
			return true
		case x == '\\':
			n := escapeSize(c.b[c.i:])
			if n == 0 {
				return false
			}
			c.i += n
		case x < ' ':
			return false
		default:
			r, n := utf8.DecodeRune(c.b[c.i:])
			if r == utf8.RuneError && n <= 1 {
				return false
			}
			if !safe(r) {
				c.flush(c.i)
				c.dst = appendRune(c.dst, r)
				c.done += n
			}
			c.i += n
		}
	}
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
