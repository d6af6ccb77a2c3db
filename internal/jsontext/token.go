package jsontext

// Kind is what kind of token there is (RFC 8259, section 2). The structural
// characters are their own kinds.
type Kind byte

const (
	End     Kind = 0 // of the bytes
	Invalid Kind = '?'
	String  Kind = '"'
	Number  Kind = '0'
	Literal Kind = 't' // true, false, null
)

// literal returns the literal that begins with c, if there is one.
func literal(c byte) string {
	switch c {
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	}
	return ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// inNumber says whether c may be in a number, at one place or another.
func inNumber(c byte) bool {
	return isDigit(c) || c == '.' || c|0x20 == 'e' || c == '+' || c == '-'
}
