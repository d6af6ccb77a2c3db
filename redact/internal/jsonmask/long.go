package jsonmask

import (
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// maxKept bounds what is kept of a token that is cut, and looked at again. A
// number that is longer is none that anybody reads.
const maxKept = 4 << 10

// long is the rest of a string that is longer than that.
type long struct {
	on     bool
	secret bool // all of it is
	escape bool // a backslash is before what comes
	forms  form.Matcher
	lines  text.Lines // it may quote JSON
}

// begin takes what there is of the string, with its first quote.
func (l *long) begin(r *text.Rules, b []byte, secret bool) {
	*l = long{on: true, secret: secret, lines: text.Lines{Prose: true}}
	for _, c := range b[1:] {
		l.escape = !l.escape && c == '\\'
	}
	l.forms.Skip(b[1:])
	l.lines.Skip(r, b[1:])
}

// take takes the string's next piece, at the beginning of p. It returns its
// size, and whether it has ended.
func (l *long) take(p *piece, label string) (size int, ended bool) {
	for ; size < len(p.text); size++ {
		c := p.text[size]
		if c == '"' && !l.escape {
			break
		}
		l.escape = !l.escape && c == '\\'
	}
	ended = size < len(p.text)
	if l.secret {
		p.found = p.found.Piece(p.text, 0, size, label)
	} else {
		p.found = l.lines.Find(p.rules, p.found, p.text[:size], label+".")
		p.found = l.forms.Find(p.found, p.rules.Marks, p.text[:size], ended, label)
	}
	if ended {
		l.on = false
		size++
	}
	return size, ended
}
