package lesson

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxName is how long names of the traffic may be in headings, in characters.
const maxName = 80

// cutText returns text of at most so many characters.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most-1 {
			rest := s[i:]
			if _, size := utf8.DecodeRuneInString(rest); size == len(rest) {
				return s
			}
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// maxLine is how many characters of a line are shown.
const maxLine = 1000

// cutLines returns text of at most so many lines, each cut if it is very long, and how
// many are left out.
func cutLines(s string, most int) (text string, left int) {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	if len(lines) > most {
		lines, left = lines[:most], len(lines)-most
	}
	for i := range lines {
		lines[i] = cutText(lines[i], maxLine)
	}
	return strings.Join(lines, "\n"), left
}

// since returns a time as it stands in a lesson: from its beginning on.
func since(at, began time.Time) string {
	return strconv.FormatFloat(max(at.Sub(began).Seconds(), 0), 'f', 3, 64) + " s"
}

// later returns the later one of two times.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
