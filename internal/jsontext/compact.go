package jsontext

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// maxNested is how deep the arrays and objects of a value may be nested that is
// part of a line: readers stop at 128 levels (serde_json), 256 (jq 1.6) or 1,000.
const maxNested = 100

// JSON writes b, if that is one JSON value (RFC 8259) in UTF-8 that every reader
// takes, without the white space between its tokens; all else stays as it was
// sent, but what could drive a terminal. Else it writes nothing, and returns false:
// also for half of a surrogate pair, for a number beyond all that fit in 64 bits
// of floating point (sections 8.2 and 6), and for what is nested too deep.
func (w *Writer) JSON(key string, b []byte) bool {
	before := len(w.B)
	w.Key(key)
	c := compactor{b: b, dst: w.B, grammar: w.grammar}
	c.grammar.MaxDepth = maxNested
	c.grammar.Reset()
	ok := c.value()
	if ok {
		c.flush(len(b), 0)
		w.B = c.dst
	} else {
		w.B = w.B[:before]
	}
	w.grammar = c.grammar
	return ok
}

// compactor reads a JSON value, and copies it in pieces as long as possible. It
// looks at each byte once, where a Scanner would find the end of a string before
// it is read.
type compactor struct {
	b       []byte
	done    int    // of b was copied, or left out
	dst     []byte // with what was copied
	grammar Grammar
}

// flush copies what was read up to i, and leaves out the next n bytes.
func (c *compactor) flush(i, n int) {
	c.dst = append(c.dst, c.b[c.done:i]...)
	c.done = i + n
}

// space leaves out the white space at b[i], and returns its size.
func (c *compactor) space(i int) int {
	n := Space(c.b, i) - i
	c.flush(i, n)
	return n
}

// value reads all of b. It returns false if that is not one value.
func (c *compactor) value() bool {
	g := &c.grammar
	for i := 0; i < len(c.b); {
		n, ok := 1, true
		switch x := c.b[i]; x {
		case '"':
			n = c.string(i)
			ok = g.string()
		case ':':
			ok = g.colon()
		case ',':
			ok = g.comma()
		case '{', '[':
			ok = g.begin(x)
		case '}', ']':
			ok = g.end(x)
		case ' ', '\n', '\r', '\t':
			n = c.space(i)
		default:
			n = scalarSize(c.b[i:])
			ok = g.value() && (n < shortNumber || fits(c.b[i:i+n]))
		}
		if n == 0 || !ok {
			return false
		}
		i += n
	}
	return g.want == WantNothing
}

// string reads the string that begins at b[start], and returns its size; 0 if
// it is none.
func (c *compactor) string(start int) int {
	var marks scan.Marks
	for i := start + 1; ; {
		if n := plainRun(c.b[i:]); n > 0 {
			i += n
			marks = 0
		}
		if i == len(c.b) {
			return 0
		}
		switch x := c.b[i]; {
		case x == '"':
			return i + 1 - start
		case x == '\\':
			r, n := escape(c.b[i:])
			if n == 0 || r == utf8.RuneError && isHalf(c.b[i:]) {
				return 0
			}
			i += n
			marks = 0
		case x < ' ':
			return 0
		default:
			r, n := utf8.DecodeRune(c.b[i:])
			if r == utf8.RuneError && n <= 1 {
				return 0
			}
			if over := marks.Over(r); over || !scan.Shown(c.b, i, r) {
				c.flush(i, n)
				c.dst = appendEscape(c.dst, r)
			}
			i += n
		}
	}
}

// isHalf reports whether b begins with an escape sequence of a surrogate.
func isHalf(b []byte) bool {
	r, ok := hex4(b)
	return ok && utf16.IsSurrogate(r)
}

// A number with fewer bytes than shortNumber is within the range, and so is one with
// fewer than longNumber if it has no exponent.
const (
	shortNumber = 5
	longNumber  = 300
)

// fits reports whether a number is within the range of floating point; others
// than numbers are.
func fits(b []byte) bool {
	if len(b) < longNumber && !hasExponent(b) {
		return true
	}
	_, err := strconv.ParseFloat(string(b), 64)
	return err == nil
}

// hasExponent reports whether b is a number with an exponent.
func hasExponent(b []byte) bool {
	if len(b) == 0 || b[0] != '-' && !isDigit(b[0]) {
		return false
	}
	for _, c := range b {
		if c|0x20 == 'e' {
			return true
		}
	}
	return false
}

// scalarSize returns the size of the number or literal that b begins with, 0 if
// that is none.
func scalarSize(b []byte) int {
	word := literal(b[0])
	if word == "" {
		return numberSize(b)
	}
	if len(b) < len(word) || string(b[:len(word)]) != word {
		return 0
	}
	return len(word)
}
