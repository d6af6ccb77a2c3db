package render

import "bytes"

// token is a kind of JSON token; punctuation is its own character.
type token byte

const (
	tokEnd     token = 0 // of the text
	tokInvalid token = '?'
	tokString  token = '"'
	tokNumber  token = '0'
	tokLiteral token = 't'
)

// lexJSON returns the token at b[i], which is not white space, and where it
// ends. Control characters in strings are let pass, since they are escaped
// when shown; so are numbers with too many signs or points.
func lexJSON(b []byte, i int) (token, int) {
	if i >= len(b) {
		return tokEnd, i
	}
	switch c := b[i]; c {
	case '{', '}', '[', ']', ',', ':':
		return token(c), i + 1
	case '"':
		return lexString(b, i)
	case 't':
		return lexWord(b, i, "true")
	case 'f':
		return lexWord(b, i, "false")
	case 'n':
		return lexWord(b, i, "null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		for i++; i < len(b) && isNumber(b[i]); i++ {
		}
		return tokNumber, i
	}
	return tokInvalid, i
}

// lexString returns the string that begins at b[i].
func lexString(b []byte, i int) (token, int) {
	for end := i + 1; ; {
		n := bytes.IndexByte(b[end:], '"')
		if n < 0 {
			return tokInvalid, i
		}
		end += n + 1
		back := 0
		for b[end-2-back] == '\\' {
			back++
		}
		if back%2 == 0 {
			return tokString, end
		}
	}
}

// lexWord returns the literal word at b[i].
func lexWord(b []byte, i int, word string) (token, int) {
	if len(b)-i >= len(word) && string(b[i:i+len(word)]) == word {
		return tokLiteral, i + len(word)
	}
	return tokInvalid, i
}

func isNumber(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'
}
