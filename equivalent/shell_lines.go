package equivalent

import "strings"

// lineWidth is how long a command may be on one line.
const lineWidth = 100

// inLines returns a command of a shell: start and words, and what follows the last of them. It
// stands on one line if that is short. Long words begin a line.
func inLines(start string, words []string, after string) string {
	one := start + " " + strings.Join(words, " ") + after
	if len(one) <= lineWidth && !strings.Contains(one, "\n") {
		return one
	}
	var b strings.Builder
	line := start
	for i, word := range words {
		if i > 0 && (len(line)+len(word) >= lineWidth || len(word) > lineWidth/2) {
			b.WriteString(line + " \\\n")
			line = " "
		}
		line += " " + word
	}
	return b.String() + line + after
}
