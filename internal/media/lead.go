package media

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxLead bounds what may stand before JSON, in bytes.
const maxLead = 512

// Lead says what a text begins with.
type Lead struct {
	Known bool // more bytes would not change it
	JSON  bool // an object or an array begins at Size, or behind separators there
	Size  int  // of what stands before it, and is no JSON
}

// guards are put before JSON, so that no page can run it as a script.
var guards = []string{")]}'", ")]}", "while(1);", "while (1);", "for(;;);", "for (;;);", "throw 1;", "throw 'allowIllegalResourceCall';", "&&&START&&&", "<dont be evil>", "<prevent eval>"}

// LeadOf looks for JSON at the beginning of b, behind guards, comments, and the
// name of the function that it is an argument of (JSONP). end says that nothing
// follows b.
func LeadOf(b []byte, end bool) Lead {
	size, i := 0, 0
	for {
		for i < len(b) && jsontext.IsSeparator(b[i]) {
			i++
		}
		n, more := leadAt(b[i:])
		if more && !end && len(b) < maxLead {
			return Lead{}
		}
		if n > 0 {
			i += n
			size = i
			continue
		}
		json, certain := jsontext.Begins(b[i:])
		if json && !certain && !end {
			return Lead{}
		}
		return Lead{Known: true, JSON: json && certain, Size: size}
	}
}

// leadAt returns the size of one thing at the beginning of b that may stand before
// JSON; more says that it may be one, and is not complete.
func leadAt(b []byte) (n int, more bool) {
	for _, g := range guards {
		k := min(len(g), len(b))
		if string(b[:k]) != g[:k] {
			continue
		}
		if k == len(g) {
			return k + punctuation(b[k:]), false
		}
		more = more || k > 0
	}
	if more {
		return 0, true
	}
	if len(b) > 0 && b[0] == '/' {
		return comment(b)
	}
	return call(b)
}

// comment returns the size of a comment.
func comment(b []byte) (n int, more bool) {
	closing := "*/"
	switch {
	case len(b) == 1:
		return 0, true
	case b[1] == '/':
		closing = "\n"
	case b[1] != '*':
		return 0, false
	}
	i := bytes.Index(b[2:], []byte(closing))
	if i < 0 {
		return 0, true
	}
	return 2 + i + len(closing), false
}

// punctuation returns the size of what separates a guard from what it guards.
func punctuation(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == ',' || b[n] == ';') {
		n++
	}
	return n
}

// maxCallback bounds the name of a function.
const maxCallback = 128

// call returns the size of the name of a function with the bracket behind it.
func call(b []byte) (n int, more bool) {
	for n < len(b) && n < maxCallback && inName(b[n], n > 0) {
		n++
	}
	switch {
	case n == 0 || n == maxCallback:
		return 0, false
	case n == len(b):
		return 0, true
	case b[n] == '(':
		return n + 1, false
	}
	return 0, false
}

func inName(c byte, within bool) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' || within && (c >= '0' && c <= '9' || c == '.')
}
