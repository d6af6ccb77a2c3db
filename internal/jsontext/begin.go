package jsontext

// StartsValue says whether a value may begin with c (RFC 8259, section 3).
func StartsValue(c byte) bool {
	switch c {
	case '{', '[', '"', '-', 't', 'f', 'n':
		return true
	}
	return isDigit(c)
}

// Begins says whether b, behind separators, is the beginning of an object or an
// array, and whether more bytes could not change that: other texts may begin
// with a bracket, too.
func Begins(b []byte) (json, certain bool) {
	for len(b) > 0 && IsSeparator(b[0]) {
		b = b[1:]
	}
	if len(b) == 0 {
		return true, false
	}
	rest := b[Space(b, 1):]
	switch {
	case b[0] != '{' && b[0] != '[':
		return false, true
	case len(rest) == 0:
		return true, false
	case b[0] == '{':
		return rest[0] == '"' || rest[0] == '}', true
	}
	if word := literal(rest[0]); word != "" {
		n := min(len(rest), len(word))
		json = string(rest[:n]) == word[:n]
		return json, !json || n == len(word)
	}
	return rest[0] == ']' || StartsValue(rest[0]), true
}
