package stats

import (
	"strings"
	"unicode/utf8"
)

// maxText bounds a text of the traffic that is kept, in bytes.
const maxText = 300

// cloned returns the beginning of a text, in memory of its own.
func cloned(s string) string {
	if len(s) <= maxText {
		return strings.Clone(s)
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}
