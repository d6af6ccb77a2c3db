package jsonmask

import (
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/redact/internal/chars"
)

// Begins says whether b begins as an object or an array does.
func Begins(b []byte) bool {
	b = b[separators.Run(b):]
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// separators are what may stand before JSON.
var separators = chars.Of("", jsontext.Separators)

// stringEnd returns where the string ends whose first escape is at b[i], or the
// length of b.
func stringEnd(b []byte, i int) int {
	for i < len(b) && b[i] == '\\' {
		i = scan.Quote(b, i+2)
	}
	return min(i, len(b))
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
