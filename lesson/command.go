package lesson

import (
	"strings"
	"unicode/utf8"
)

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
