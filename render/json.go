package render

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// Bounds of how JSON is laid out.
const (
	maxLine   = 100 // columns of a value on one line, where there is no terminal to ask
	maxRecord = 160 // the same for a record of a stream, even if it wraps
	maxDepth  = 32  // values nested deeper are not broken into lines: bounds the indentation
)

// value adds JSON in one pass over its text: coloured, indented, with order,
// numbers, duplicates and escapes as sent. An object or array that fits on the
// rest of its line stays there. What is not JSON follows as text, so that
// nothing is left out. The last line is not finished.
func (p *page) value(b []byte) { p.print(b, p.room(maxLine)) }

// record adds JSON on one line, if it is short enough for that.
func (p *page) record(b []byte) { p.print(b, maxRecord+columns(p.line)+2) }

// isRecord says whether record needs only one line.
func (p *page) isRecord(b []byte) bool {
	p.tokens.reset(b)
	ok := p.tokens.fit(maxRecord)
	p.tokens.reset(nil)
	return ok
}

// print adds JSON to a line that has so many columns.
func (p *page) print(b []byte, room int) {
	p.tokens.reset(b)
	p.grammar.Reset()
	j := jsonPrinter{page: p, room: room}
	j.print()
	p.tokens.reset(nil)
}

// jsonPrinter is one run over the tokens of one value.
type jsonPrinter struct {
	*page
	room   int
	inline int // >0: the value that began at this depth stays on its line
}

// print is the run. Every step takes a token.
func (j *jsonPrinter) print() {
	src := j.tokens.src
	for done := 0; ; {
		t := j.tokens.at(0)
		kind, from, to := t.kind, t.from, t.to
		if kind == jsontext.End {
			return
		}
		if !j.step(kind, src[from:to]) {
			if want := j.grammar.Want(); kind == jsontext.Invalid && want != jsontext.WantNothing && want != jsontext.WantComma {
				j.place(j.beside(), j.grammar.Depth())
				done = from
			}
			j.rest(src[done:])
			return
		}
		j.tokens.take()
		done = to
	}
}

// step adds the next token, if it may come.
func (j *jsonPrinter) step(kind jsontext.Kind, text []byte) bool {
	switch kind {
	case ',', ':':
		return j.separator(kind)
	case '}', ']':
		return j.close(kind)
	}
	depth, beside := j.grammar.Depth(), j.beside()
	if !j.grammar.Step(kind) {
		return false
	}
	j.place(beside, depth)
	if kind == '{' || kind == '[' {
		j.open(kind)
	} else {
		j.data(j.role(kind), text)
	}
	return true
}

// separator adds a comma or colon.
func (j *jsonPrinter) separator(kind jsontext.Kind) bool {
	if !j.grammar.Step(kind) {
		return false
	}
	if j.line = append(j.line, byte(kind)); kind == ':' {
		j.line = append(j.line, ' ')
	}
	return true
}

// role returns the role of the key, string, number or literal that was last.
func (j *jsonPrinter) role(kind jsontext.Kind) role {
	switch {
	case j.grammar.Want() == jsontext.WantColon:
		return roleKey
	case kind == jsontext.String:
		return roleString
	case kind == jsontext.Number:
		return roleNumber
	}
	return roleLiteral
}

// beside says whether what comes next stands where the line is: the outermost
// value, and what is behind a key.
func (j *jsonPrinter) beside() bool {
	want := j.grammar.Want()
	return j.grammar.Depth() == 0 || want == jsontext.WantColon || want == jsontext.WantValue && j.grammar.InObject()
}

// place goes to where a key or value stands, in so many brackets.
func (j *jsonPrinter) place(beside bool, depth int) {
	switch {
	case beside:
	case j.inline == 0:
		j.newLine(depth)
	case j.line[len(j.line)-1] == ',':
		j.line = append(j.line, ' ')
	}
}

// open adds an opening bracket and decides whether its value stays on the line.
func (j *jsonPrinter) open(bracket jsontext.Kind) {
	j.line = append(j.line, byte(bracket))
	if j.inline == 0 && (j.tokens.fit(j.room-columns(j.line)) || j.grammar.Depth() > maxDepth) {
		j.inline = j.grammar.Depth()
	}
}

// close adds a closing bracket.
func (j *jsonPrinter) close(bracket jsontext.Kind) bool {
	depth, empty := j.grammar.Depth(), j.grammar.Want() != jsontext.WantComma
	if !j.grammar.Step(bracket) {
		return false
	}
	if j.inline == depth {
		j.inline = 0
	} else if j.inline == 0 && !empty {
		j.newLine(depth - 1)
	}
	j.line = append(j.line, byte(bracket))
	return true
}

// newLine begins a line, indented by the depth.
func (j *jsonPrinter) newLine(depth int) {
	j.end()
	indent := 2 * min(depth, maxDepth)
	j.spaces(indent)
	j.hang = indent + 2
}

// rest adds what is not JSON, or not all of it, as text.
func (j *jsonPrinter) rest(b []byte) {
	for {
		line, after, more := bytes.Cut(b, []byte{'\n'})
		j.data(plain, line)
		if !more {
			return
		}
		j.end()
		b = after
	}
}
