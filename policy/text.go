package policy

import (
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/escape"
)

// maxText bounds a text of the traffic that is kept, in bytes.
const maxText = 300

// clipped returns the beginning of a text, in memory of its own.
func clipped(s string) string {
	if len(s) <= maxText {
		return strings.Clone(s)
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}

// quoted returns a text of somebody else in quotes, short enough for a message.
func quoted(s string) string {
	s = escape.Line(strings.TrimSpace(s))
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:57]) + "..."
	}
	return `"` + s + `"`
}
