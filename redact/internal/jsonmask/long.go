package jsonmask

import (
	"bytes"

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
	l.lines.Skip(r, inLines(b[1:], false))
	for _, c := range b[1:] {
		l.escape = !l.escape && c == '\\'
	}
	l.forms.Skip(b[1:])
}

// take takes the string's next piece, at the beginning of p. It returns its
// size, and whether it has ended.
func (l *long) take(p *piece, label string) (size int, ended bool) {
	escape := l.escape
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
		p.found = l.lines.Find(p.rules, p.found, inLines(p.text[:size], escape), label+".")
		p.found = l.forms.Find(p.found, p.rules.Marks, p.text[:size], ended, label)
	}
	if ended {
		l.on = false
		size++
	}
	return size, ended
}

// inLines returns b, which is of the inside of a string, with two line ends for each
// that is escaped: its size is the same. escape says that a backslash is before b.
func inLines(b []byte, escape bool) []byte {
	cut := escape && len(b) > 0 && b[0] == 'n'
	if !cut && !bytes.Contains(b, []byte(`\n`)) {
		return b
	}
	b = bytes.Clone(b)
	for i, c := range b {
		if escape && c == 'n' {
			b[max(i-1, 0)], b[i] = '\n', '\n'
		}
		escape = !escape && c == '\\'
	}
	return b
}
