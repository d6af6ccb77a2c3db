package render

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/scan"
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
func (p *page) value(b []byte) {
	j := jsonPrinter{page: p, src: b, room: p.room(maxLine)}
	j.print()
}

// record adds JSON on one line, if it is short enough for that.
func (p *page) record(b []byte) {
	j := jsonPrinter{page: p, src: b, room: maxRecord + columns(p.line) + 2}
	j.print()
}

// isRecord says whether record needs only one line.
func isRecord(b []byte) bool {
	_, ok := measure(b[jsontext.Space(b, 0):], maxRecord)
	return ok
}

// jsonPrinter is one run over one value.
type jsonPrinter struct {
	*page
	src     []byte
	grammar jsontext.Grammar
	room    int
	inline  int // >0: the value that began at this depth stays on its line
}

// print is the run. Every step consumes a token.
func (j *jsonPrinter) print() {
	var s jsontext.Scanner
	for done := 0; ; {
		kind, from, to := s.Next(j.src, done)
		if kind == jsontext.End {
			return
		}
		if endless(&s, kind) {
			kind = jsontext.Invalid
		}
		if !j.step(kind, j.src[from:to], from) {
			if want := j.grammar.Want(); kind == jsontext.Invalid && want != jsontext.WantNothing && want != jsontext.WantComma {
				j.place(j.beside(), j.grammar.Depth())
				done = from
			}
			j.rest(done)
			return
		}
		done = to
	}
}

// endless says whether the token that s returned last is a string or literal
// that does not end in the text. It is none then.
func endless(s *jsontext.Scanner, kind jsontext.Kind) bool {
	return s.Cut() && kind != jsontext.Number
}

// step adds one token, if it may come.
func (j *jsonPrinter) step(kind jsontext.Kind, text []byte, at int) bool {
	depth, beside, empty := j.grammar.Depth(), j.beside(), j.grammar.Want() != jsontext.WantComma
	if !j.grammar.Step(kind) {
		return false
	}
	switch kind {
	case '{', '[':
		j.place(beside, depth)
		j.open(text, at)
	case '}', ']':
		j.close(text, depth, empty)
	case ',':
		j.line = append(j.line, ',')
	case ':':
		j.line = append(j.line, ':', ' ')
	default:
		j.place(beside, depth)
		j.data(j.role(kind), text)
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
func (j *jsonPrinter) open(bracket []byte, at int) {
	j.line = append(j.line, bracket...)
	if j.inline == 0 {
		used := columns(j.line)
		if _, fits := measure(j.src[at:], j.room-used); fits || j.grammar.Depth() > maxDepth {
			j.inline = j.grammar.Depth()
		}
	}
}

// close adds the bracket that closes what is at depth.
func (j *jsonPrinter) close(bracket []byte, depth int, empty bool) {
	if j.inline == depth {
		j.inline = 0
	} else if j.inline == 0 && !empty {
		j.newLine(depth - 1)
	}
	j.line = append(j.line, bracket...)
}

// newLine begins a line, indented by the depth.
func (j *jsonPrinter) newLine(depth int) {
	j.end()
	indent := 2 * min(depth, maxDepth)
	j.spaces(indent)
	j.hang = indent + 2
}

// rest adds what is not JSON, or not all of it, as text.
func (j *jsonPrinter) rest(i int) {
	b := j.src[i:]
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

// measure returns how many columns the value at the start of b takes on one
// line; false if it needs more than room, or is not complete within what could
// fit there.
func measure(b []byte, room int) (sum int, ok bool) {
	if room <= 0 {
		return 0, false
	}
	b = b[:min(len(b), 6*room)] // a column is 4 bytes at most, beside white space
	var scanner jsontext.Scanner
	depth := 0
	for i := 0; sum <= room; {
		kind, from, to := scanner.Next(b, i)
		if endless(&scanner, kind) {
			return 0, false
		}
		switch kind {
		case jsontext.End, jsontext.Invalid:
			return 0, false
		case '{', '[':
			depth++
			sum++
		case '}', ']':
			depth--
			sum++
		case ',', ':':
			sum += 2
		case jsontext.String:
			sum += textColumns(b[from:to])
		default:
			sum += to - from
		}
		i = to
		if depth <= 0 {
			return sum, sum <= room && depth == 0
		}
	}
	return 0, false
}

// textColumns returns how many columns text of the traffic takes.
func textColumns(b []byte) int {
	if scan.Graphic(b) == len(b) {
		return len(b)
	}
	return columns(appendEscaped(nil, b, "", ""))
}
