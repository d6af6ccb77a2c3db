package audit

import "strings"

// clip returns s, or its beginning if it is longer than most bytes. What is no UTF-8 is
// replaced.
func clip(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
