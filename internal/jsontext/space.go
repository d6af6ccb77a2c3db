package jsontext

// Separators may stand between the values of a stream: JSON white space, and
// the record separator that RFC 7464 puts before each.
const Separators = " \t\n\r\x1e"

// IsSpace says whether c is JSON white space (RFC 8259, section 2).
func IsSpace(c byte) bool {
	return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t')
}

// IsSeparator says whether c is one of Separators.
func IsSeparator(c byte) bool { return IsSpace(c) || c == 0x1e }

// Space returns where the white space at b[i] ends. If i is not in b, it
// returns i.
func Space(b []byte, i int) int {
	for i < len(b) && IsSpace(b[i]) {
		i++
	}
	return i
}
