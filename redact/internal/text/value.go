package text

import (
	"bytes"

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
	case rest[0] == '\\' && isQuoteAt(rest, 1):
		if n := bytes.IndexAny(rest[2:], "\\\r\n"); n >= 0 {
			return from + 2, from + 2 + n, true
		}
		return from + 2, len(text), false
	}
	return from, from, false
}

// Where values end.
var (
	wordEnds  = chars.Of("", " \t\r\n;&|<>()`")
	listEnds  = chars.Of("", " \t\r\n;&|<>()`,")
	fieldEnds = chars.Of("", "\r\n`\\\"'")
)
