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

// inLines returns a long command of a shell in lines, of which each begins with an option or an
// address.
func inLines(command string) string {
	if len(command) <= maxCommand || strings.Contains(command, "\n") {
		return command
	}
	var out strings.Builder
	width := 0
	for i, piece := range optionsOf(command) {
		if n := utf8.RuneCountInString(piece); i > 0 && width+n > maxColumns {
			out.WriteString(" \\\n ")
			width = 1 + n
		} else {
			width += n
		}
		out.WriteString(piece)
	}
	return out.String()
}

// maxCommand is how long a command is that stands in one line.
const maxCommand = 120

// optionsOf cuts a command before each of its options, and before an address.
func optionsOf(command string) (all []string) {
	begins := 0
	var quote byte // that is open
	escapes := true
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '\\' && escapes:
			i++
		case quote == c:
			quote, escapes = 0, true
		case quote == 0 && (c == '\'' || c == '"'):
			quote, escapes = c, c == '"' || i > 0 && command[i-1] == '$'
		case quote == 0 && (strings.HasPrefix(command[i:], " -") || strings.HasPrefix(command[i:], " 'http")):
			all = append(all, command[begins:i])
			begins = i
		}
	}
	return append(all, command[begins:])
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
