package jsontext

import "github.com/socktrace/socktrace/internal/scan"

// Scanner finds the tokens of JSON texts, or the ends of their values, however
// the bytes are cut. It keeps none of them. The zero value is at the beginning
// of a text; a value is read by Next or by Skip, not by both.
//
// It tells tokens apart and no more: control characters in strings, escapes
// that are none and numbers with too many signs or points are let pass, for
// the reader to see. Where a token may stand is for a Grammar to say.
type Scanner struct {
	depth   int    // of the brackets that are open, for Skip
	in      Kind   // of the token that the last piece ended in; End if in none
	escape  bool   // that was a string, and ended behind a backslash
	escaped bool   // the last string has backslashes
	word    string // that was a literal: the rest of it
}

// Next returns the token that begins at b[i] or behind white space there, or
// that goes on there if the last piece ended in it: it is b[from:to]. If there
// are no more, the kind is End. What no token begins with is Invalid: the text
// ends there.
func (s *Scanner) Next(b []byte, i int) (k Kind, from, to int) {
	if s.in != End {
		return s.goOn(b, i)
	}
	i = Space(b, i)
	if i >= len(b) {
		return End, i, i
	}
	switch c := b[i]; c {
	case '"':
		s.escaped = false
		to = scan.Quote(b, i+1)
		if to == len(b) || b[to] != '"' { // it has escapes, or is cut
			return String, i, s.string(b, to)
		}
		return String, i, to + 1
	case ',', ':', '{', '[', '}', ']':
		return Kind(c), i, i + 1
	case 't', 'f', 'n':
		return s.literal(b, i, literal(c))
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return Number, i, s.number(b, i)
	}
	return Invalid, i, i
}

// Cut says whether the token that Next returned last goes on in the next piece.
// A number may have ended: only what follows it says so.
func (s *Scanner) Cut() bool { return s.in != End }

// Escaped says whether the string that Next returned last has backslashes, in
// this piece or before it.
func (s *Scanner) Escaped() bool { return s.escaped }

// goOn returns what b[i:] has of the token that the last piece ended in.
func (s *Scanner) goOn(b []byte, i int) (k Kind, from, to int) {
	switch {
	case i >= len(b):
		return End, i, i
	case s.in == String && s.escape:
		return String, i, s.string(b, i+1)
	case s.in == String:
		return String, i, s.string(b, i)
	case s.in == Literal:
		return s.literal(b, i, s.word)
	}
	return Number, i, s.number(b, i)
}

// string returns where the string ends that b[i] is in.
func (s *Scanner) string(b []byte, i int) int {
	end, ended, escaped := stringEnd(b, i)
	s.escaped = s.escaped || escaped
	if ended {
		s.in, s.escape = End, false
		return end
	}
	s.in, s.escape = String, end > len(b)
	return len(b)
}

// stringEnd returns where the string ends that b[i] is in: behind its quote, or
// behind b. If it ends behind a backslash, that is one more: what follows is
// part of the escape.
func stringEnd(b []byte, i int) (end int, ended, escaped bool) {
	for ; ; i += 2 {
		if i = scan.Quote(b, i); i >= len(b) {
			return i, false, escaped
		}
		if b[i] == '"' {
			return i + 1, true, escaped
		}
		escaped = true
	}
}

// literal reads a literal at b[i], or the rest of one, which is word.
func (s *Scanner) literal(b []byte, i int, word string) (k Kind, from, to int) {
	n := min(len(word), len(b)-i)
	s.in = End
	if string(b[i:i+n]) != word[:n] {
		return Invalid, i, i
	}
	if n < len(word) {
		s.in, s.word = Literal, word[n:]
	}
	return Literal, i, i + n
}

// number returns where the number ends that b[i] may belong to.
func (s *Scanner) number(b []byte, i int) int {
	for i < len(b) && inNumber(b[i]) {
		i++
	}
	s.in = End
	if i == len(b) {
		s.in = Number
	}
	return i
}
