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

// text returns the command, with an option before all others.
func (w *curlWriter) text(first string) string {
	return inLines(strings.TrimSuffix("curl "+first, " "), w.words, "")
}
