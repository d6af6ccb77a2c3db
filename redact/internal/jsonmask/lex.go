package jsonmask

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/redact/internal/chars"
)

// Begins says whether b begins as an object or an array does.
func Begins(b []byte) bool {
	b = bytes.TrimLeft(b, " \r\n\t\x1e")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// stringSize returns the size of the string that b begins with, its quotes
// included, whether it ends in b, and whether it has escapes.
func stringSize(b []byte) (size int, ended, escaped bool) {
	for i := 1; ; i += 2 {
		if i = scan.Quote(b, i); i >= len(b) {
			return len(b), false, escaped
		}
		if b[i] == '"' {
			return i + 1, true, escaped
		}
		escaped = true
	}
}

// wordChars are what numbers and literals consist of.
var wordChars = chars.Of("aA0", "-+.")

// word says what a run of them is.
type word uint8

const (
	noWord word = iota
	number
	literal
)

// wordOf returns what b is; cut says that it may go on.
func wordOf(b []byte, cut bool) word {
	if len(b) == 0 {
		return noWord
	}
	var whole string
	switch c := b[0]; {
	case c == '-' || '0' <= c && c <= '9':
		return number
	case c == 't':
		whole = "true"
	case c == 'f':
		whole = "false"
	case c == 'n':
		whole = "null"
	}
	if string(b) == whole || cut && strings.HasPrefix(whole, string(b)) {
		return literal
	}
	return noWord
}
