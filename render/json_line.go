package render

import (
	"math/bits"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/scan"
)

// perColumn is how many bytes of JSON a column may take: a character has four at most, the rest is
// white space. What is not complete within as many bytes as that does not fit on a line.
const perColumn = 6

// within returns as much of b as may be looked at for a value that takes room columns, and behind which
// byte of it the value must end.
func within(b []byte, room int) (_ []byte, limit int) {
	limit = jsontext.Space(b, 0) + perColumn*room
	return b[:min(len(b), limit+1)], limit // one more: a number may go on
}

// fits says whether the value that b begins with takes at most room columns on one line. It asks whether
// brackets are closed, and no more of what a value is.
func fits(b []byte, room int) bool {
	if room <= 0 {
		return false
	}
	b, limit := within(b, room)
	var s jsontext.Scanner
	for i, sum, depth := 0, 0, 0; sum <= room; {
		kind, from, to := s.Next(b, i)
		if to > limit || s.Cut() && kind != jsontext.Number {
			return false
		}
		switch kind {
		case jsontext.End, jsontext.Invalid:
			return false
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if sum += tokenColumns(kind, b[from:to]); depth <= 0 {
			return sum <= room && depth == 0
		}
		i = to
	}
	return false
}

// tokenColumns returns how many columns a token takes, beside others.
func tokenColumns(kind jsontext.Kind, text []byte) int {
	switch kind {
	case ',', ':':
		return 2
	case jsontext.String:
		return textColumns(text)
	}
	return len(text)
}

// textColumns returns how many columns text of the traffic takes.
func textColumns(b []byte) int {
	if scan.Graphic(b) == len(b) {
		return len(b)
	}
	return columns(appendEscaped(nil, b, "", ""))
}

// graphicString returns where the string ends that begins at b[i], if one does and all of it is graphic
// ASCII and spaces; else 0.
func graphicString(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return 0
	}
	for i++; ; i += 2 {
		for ; i+8 <= len(b); i += 8 {
			if found := scan.Escaped(scan.Load(b[i : i+8])); found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
		}
		for i < len(b) && b[i] != '"' && b[i] != '\\' {
			if !isGraphic(b[i]) {
				return 0
			}
			i++
		}
		switch {
		case i >= len(b):
			return 0
		case b[i] == '"':
			return i + 1
		case i+1 >= len(b) || !isGraphic(b[i+1]):
			return 0
		}
	}
}

// isGraphic says whether c is graphic ASCII or a space.
func isGraphic(c byte) bool { return ' ' <= c && c < 0x7f }
