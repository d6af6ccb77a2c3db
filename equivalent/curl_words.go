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
	var b strings.Builder
	for _, p := range w.secrets.cut(text, otherwise) {
		if p.variable != "" {
			b.WriteString(`"$` + p.variable + `"`)
		} else {
			b.WriteString(shellQuoted(p.text))
		}
	}
	return b.String()
}

// lineWidth is how long a command may be on one line.
const lineWidth = 100

// text returns the command: on one line, if that is short.
func (w *curlWriter) text() string {
	one := "curl " + strings.Join(w.words, " ")
	if len(one) <= lineWidth && !strings.Contains(one, "\n") {
		return one
	}
	var b strings.Builder
	line := "curl"
	for i, word := range w.words {
		if i > 0 && (len(line)+len(word) >= lineWidth || len(word) > lineWidth/2) {
			b.WriteString(line + " \\\n")
			line = " "
		}
		line += " " + word
	}
	return b.String() + line
}
