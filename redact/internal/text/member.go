package text

import "github.com/socktrace/socktrace/redact/internal/chars"

// member follows a value of JSON that is a secret, through the pieces of a stream that
// need not be JSON. Its zero value is before the value.
type member struct {
	state memberState
	quote byte // what a string ends with
	slash int  // backslashes before each quote: the text is a string itself
	run   int  // how many have come in a row
	depth int  // arrays and objects that are open
	// letters is how many of a word may say what kind of string it is; more than two:
	// it is none.
	letters int
}

// memberState says what a member is in.
type memberState uint8

const (
	beforeValue memberState = iota
	inString
	inWord   // a number, or a word that is no JSON
	inNested // an array or object, masked whole
)

// take takes what there is of the value at text[i:]. It returns where the part of it
// that is secret is, where to go on, and whether the value has ended.
func (m *member) take(text []byte, i int) (from, to, next int, ended bool) {
	for m.state == beforeValue {
		switch c := byteAt(text, i); c {
		case ' ', '\t', '\r', '\n':
			i++
		case '\\':
			m.slash++
			i++
		case '"', '\'', '`':
			m.state, m.quote = inString, c
			i++
		case '[', '{':
			m.state = inNested
		default:
			if i == len(text) {
				return i, i, i, false
			}
			m.state = inWord
		}
	}
	to = i
	for to < len(text) && !m.ends(text[to]) {
		to++
	}
	switch {
	case to == len(text):
		return i, to, to, false
	case m.state == inNested:
		to++
	case m.state == inString:
		return i, max(i, to-m.slash), to + 1, true
	}
	return i, to, to, true
}

// ends takes the next byte of the value, and says whether it is the last.
func (m *member) ends(c byte) bool {
	switch m.state {
	case inString:
		return m.endsString(c)
	case inWord:
		return m.endsWord(c)
	}
	switch {
	case m.quote != 0:
		if m.endsString(c) {
			m.quote = 0
		}
	case c == '"':
		m.quote = c
	case c == '[' || c == '{':
		m.depth++
	case c == ']' || c == '}':
		m.depth--
		return m.depth == 0
	}
	return false
}

// endsWord takes the next byte of a word. Quotes behind one letter or two make it a
// string, as those of Python are: b'…'.
func (m *member) endsWord(c byte) bool {
	switch {
	case (c == '"' || c == '\'') && m.letters > 0 && m.letters <= 2:
		m.state, m.quote = inString, c
		return false
	case stringKinds[c]:
		m.letters++
	default:
		m.letters = 3
	}
	return memberEnds[c]
}

// endsString takes the next byte of a string. What is before it and escaped by more
// backslashes than its own quotes does not end it.
func (m *member) endsString(c byte) bool {
	if c == '\\' {
		m.run++
		return false
	}
	run := m.run
	m.run = 0
	if m.slash == 0 {
		return c == m.quote && run%2 == 0
	}
	return c == m.quote && run == m.slash
}

var (
	memberEnds  = chars.Of("", " \t\r\n,]}&;\"'")
	stringKinds = chars.Of("", "bBfFrRuU")
)

// byteAt returns text[i]; 0 behind its end.
func byteAt(text []byte, i int) byte {
	if i < len(text) {
		return text[i]
	}
	return 0
}
