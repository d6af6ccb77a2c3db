package equivalent

import "strings"

// curlWriter puts a command together.
type curlWriter struct {
	words   []string // options with their values, each quoted
	secrets *secrets
	call    Call
}

// add adds an option as it is.
func (w *curlWriter) add(word string) { w.words = append(w.words, word) }

// quoted returns text of the traffic as one word, with variables in the place of secrets.
func (w *curlWriter) quoted(text, otherwise string) string {
	return shellParts(w.secrets.cut(text, otherwise), shellQuoted)
}

// lineWidth is how long a command may be on one line.
const lineWidth = 100

// text returns the command, with an option before all others: on one line, if that is
// short.
func (w *curlWriter) text(first string) string {
	one := "curl " + first + strings.Join(w.words, " ")
	if len(one) <= lineWidth && !strings.Contains(one, "\n") {
		return one
	}
	var b strings.Builder
	line := strings.TrimSuffix("curl "+first, " ")
	for i, word := range w.words {
		if i > 0 && (len(line)+len(word) >= lineWidth || len(word) > lineWidth/2) {
			b.WriteString(line + " \\\n")
			line = " "
		}
		line += " " + word
	}
	return b.String() + line
}
