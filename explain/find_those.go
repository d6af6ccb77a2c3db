package explain

import "strings"

// those returns the operations that are some.
func those(are func(*Entry) bool) (all []*Entry) {
	for _, e := range texts().entries {
		if are(e) {
			all = append(all, e)
		}
	}
	return all
}

// unquoted returns text without quotes around it, and spaces.
func unquoted(text string) string { return strings.Trim(text, " \t\r\n'\"`") }
