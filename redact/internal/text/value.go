package text

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// wordValue returns the place of the value that begins at text[from:], and
// whether its end was seen. It is a word of a shell: quotes around all of it
// are left out, and the quote that we are within ends it.
func wordValue(text []byte, from int, list bool, open byte) (start, end int, closed bool) {
	if start, end, closed = quotedValue(text, from, open); closed || start > from {
		return start, end, closed
	}
	stop := wordEnds
	if list {
		stop = listEnds
	}
	for end = from; end < len(text); {
		switch c := text[end]; {
		case stop[c], open != 0 && c == open:
			return from, end, true
		case open == 0 && isQuoteAt(text, end):
			n := quotedSize(text[end:])
			if n == 0 {
				return from, len(text), false
			}
			end += n
		case c == '\\':
			end = min(end+2, len(text))
		default:
			end++
		}
	}
	return from, end, false
}

// fieldValue is wordValue for what stands behind a colon: it goes on to the
// end of the line, or to a quote.
func fieldValue(text []byte, from int) (start, end int, closed bool) {
	if start, end, closed = quotedValue(text, from, 0); closed || start > from {
		return start, end, closed
	}
	for end = from; end < len(text); end++ {
		if fieldEnds[text[end]] {
			return from, end, true
		}
	}
	return from, end, false
}

// quotedValue is wordValue for what begins with a placeholder or with a quote,
// which may be escaped; otherwise start is from, and closed is false. Of a
// quoted value that goes on behind the quote it knows nothing.
func quotedValue(text []byte, from int, open byte) (start, end int, closed bool) {
	rest := text[from:]
	if n := mask.Size(rest); n > 0 {
		return from, from + n, true
	}
	switch {
	case len(rest) == 0:
	case isQuoteAt(rest, 0) && rest[0] != open:
		n := quotedSize(rest)
		if n == 0 {
			return from + 1, len(text), false
		}
		if n == len(rest) || !name.Chars[rest[n]] && !isQuoteAt(rest, n) && rest[n] != '$' {
			return from + 1, from + n - 1, true
		}
	case rest[0] == '\\':
		if n := backslashes(rest); isQuoteAt(rest, n) {
			size, closed := escapedSize(rest, n)
			return from + n + 1, from + size, closed
		}
	}
	return from, from, false
}

// backslashes returns how many b begins with.
func backslashes(b []byte) (n int) {
	for n < len(b) && b[n] == '\\' {
		n++
	}
	return n
}

// escapedSize returns where what is in quotes with n backslashes before each ends,
// which b begins with: where they stand again, or at the end of the line.
func escapedSize(b []byte, n int) (size int, closed bool) {
	for i := n + 1; i < len(b); i++ {
		switch b[i] {
		case '\r', '\n':
			return i, true
		case '\\':
			k := backslashes(b[i:])
			if k == n && i+k < len(b) && b[i+k] == b[n] {
				return i, true
			}
			i += k
		}
	}
	return len(b), false
}

// behindControls returns where the control sequences of a terminal at text[i:] end.
func behindControls(text []byte, i int) int { return i + chars.Controls(text[i:]) }

// quotedBehindControls returns where the quote of a value at text[i:] is, if there are
// only control sequences of a terminal and blanks before it; otherwise i.
func quotedBehindControls(text []byte, i int) int {
	at := behindControls(text, i)
	for next := at; next > i; {
		at = next
		if next = behindControls(text, behindBlanks(text, at)); next == at {
			break
		}
	}
	if quote := at + backslashes(text[at:]); at > i && isQuoteAt(text, quote) {
		return at
	}
	return i
}

// Where values end.
var (
	wordEnds  = chars.Of("", " \t\r\n;&|<>()`")
	listEnds  = chars.Of("", " \t\r\n;&|<>()`,")
	fieldEnds = chars.Of("", "\r\n`\\\"'")
)
