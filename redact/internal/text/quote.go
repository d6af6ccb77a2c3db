package text

import "bytes"

// isQuoteAt says whether a quote stands at b[i]; not before b, nor behind it.
func isQuoteAt(b []byte, i int) bool {
	return i >= 0 && i < len(b) && (b[i] == '"' || b[i] == '\'')
}

// quotedSize returns the size of the quoted string that b begins with; 0 if
// it is not closed.
func quotedSize(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			if b[0] == '"' {
				i++
			}
		case b[0]:
			return i + 1
		}
	}
	return 0
}

// unquoted returns b without the quotes around it, or on one side of it.
func unquoted(b []byte) []byte { return bytes.Trim(b, `"'`) }
