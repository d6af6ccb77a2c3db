package text

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// Lines follows lines that look like header fields, and assignments such as the
// parameters of a query, through the pieces of a stream, however it is cut. Its
// zero value is ready.
type Lines struct {
	tail   tail       // what went by before this piece
	name   string     // of the secret whose value goes on here; empty: not in one
	ends   *chars.Set // what ends that value; nil: the line's end, and folds go on with it
	begun  bool       // some of the value has gone by
	folded bool       // a secret value has just ended; white space goes on with it
}

// Find adds the values in text, the next piece of the stream, of what looks
// like secret header fields or assignments. They are named behind prefix.
func (l *Lines) Find(r *Rules, found mask.Spans, text []byte, prefix string) mask.Spans {
	for i := 0; i < len(text); {
		if l.folded && !isBlank(text[i]) {
			l.name = ""
		}
		if l.folded = false; l.name == "" {
			n, ok := l.findName(r, text[i:])
			if i += n; !ok || i == len(text) {
				break
			}
		}
		if l.ends != nil {
			found, i = l.assigned(r, found, text, i, prefix)
		} else {
			found, i = l.line(r, found, text, i, prefix)
		}
	}
	return found
}

// findName returns the size of text up to the first value in it that looks
// like that of a secret field or assignment, and remembers its name; false if
// there is none.
func (l *Lines) findName(r *Rules, text []byte) (size int, found bool) {
	l.name, l.ends, l.begun = "", nil, false
	for size < len(text) {
		n := nameEnds.Find(text[size:])
		if size+n == len(text) {
			break
		}
		l.tail.add(text[size : size+n])
		size += n + 1
		if text[size-1] == '=' {
			if called := nameBefore(l.tail, len(l.tail)); r.Given.IsSecret(called) {
				l.name, l.ends = string(called), assignEnds
			}
		} else if field.IsSecret(l.tail) || r.Given.Any() && r.Given.Has(field.LastToken(l.tail)) {
			l.name = string(field.LastToken(l.tail))
			size = behindBlanks(text, size)
		}
		l.tail = l.tail[:0]
		if l.name != "" {
			return size, true
		}
	}
	l.tail.add(text[size:])
	return len(text), false
}

// assigned adds the value of an assignment, which begins or goes on at
// text[i], and returns its end.
func (l *Lines) assigned(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if n := mask.Size(text[i:]); n > 0 {
		l.begun = true
		return found, i + n
	}
	if !l.begun && isQuoteAt(text, i) {
		l.ends = quoteEnds[text[i]&1] // '"' is even, '\'' is odd
		l.begun = true
		return found, i + 1
	}
	end := i + l.ends.Find(text[i:])
	ended := end < len(text)
	if !ended || l.begun || !IsAnswer(text[i:end]) {
		found = found.Either(r.Marks, text, i, end, ended && (!l.begun || l.ends != assignEnds), prefix+l.name)
	}
	if l.begun = !ended; ended {
		l.name, l.ends = "", nil
	}
	return found, end
}

// line adds the value of a field, which begins or goes on at text[i], and
// returns where the line ends.
func (l *Lines) line(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	value, rest, ended := bytes.Cut(text[i:], []byte("\n"))
	value = bytes.TrimRight(value, "\r")
	if !l.begun && ended {
		found = fieldLine(r, found, text, i, i+len(value), l.name, prefix+l.name)
	} else {
		found = found.Piece(text, i, i+len(value), prefix+l.name)
	}
	if l.begun = !ended; ended {
		l.folded, l.tail = true, l.tail[:0]
	}
	return found, len(text) - len(rest)
}

// fieldLine adds text[from:to], the whole value of the field that is called so,
// but for the scheme it may begin with.
func fieldLine(r *Rules, found mask.Spans, text []byte, from, to int, called, label string) mask.Spans {
	value, low := string(text[from:to]), strings.ToLower(called)
	if field.HasRegistryAuth(low) && field.IsNoAuth(value) {
		return found
	}
	if _, credentials, ok := field.Credentials(low, value); ok {
		from = to - len(credentials)
	}
	return found.Whole(r.Marks, text, from, to, label)
}

// What ends the name of a field or an assignment, and the value of an
// assignment: one without quotes, and those in them.
var (
	nameEnds   = chars.Of("", ":=")
	assignEnds = chars.Of("", " \t\r\n&;,<>()`\"'\x00")
	quoteEnds  = [2]*chars.Set{chars.Of("", "\"\r\n\x00"), chars.Of("", "'\r\n\x00")}
)
