package explain

import (
	"strings"
	"unicode"
)

// Found is an operation that words are about.
type Found struct {
	*Entry
	// Why says where the words are, such as "field HostConfig.NetworkMode"; empty if a list
	// shows it anyway: in the name, the request, the group or the sentence.
	Why string `json:"why,omitempty"`
}

// those returns the operations that are some.
func those(are func(*Entry) bool) (all []*Entry) {
	for _, e := range texts().entries {
		if are(e) {
			all = append(all, e)
		}
	}
	return all
}

// unquoted returns text without quotes around it, and blanks: what strings.Fields takes for such.
func unquoted(text string) string { return strings.TrimFunc(text, isAround) }

// isAround reports whether it is a quote, or a blank.
func isAround(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("'\"`", r) }
