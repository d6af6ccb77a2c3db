package render

import (
	"bytes"

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
	_, ok := measure(bytes.TrimLeft(b, " \t\r\n"), maxRecord)
	return ok
}

// want is what the grammar of JSON allows next (RFC 8259, section 2).
type want uint8

const (
	wantValue   want = iota
	wantElement      // a value, or the end of an empty array
	wantKey
	wantMember // a key, or the end of an empty object
	wantColon
	wantMore // a comma, or the end
	wantNothing
)

// jsonPrinter is one run over one value.
type jsonPrinter struct {
	*page
	src    []byte
	stack  []byte // the opening brackets that are not closed
	room   int
	inline int // >0: the value that began at this depth stays on its line
}

// print is the run. Every step consumes a token.
func (j *jsonPrinter) print() {
	state := wantValue
	for done := 0; ; {
		i := scan.Space(j.src, done)
		tok, end := lexJSON(j.src, i)
		if tok == tokEnd {
			return
		}
		next, ok := j.step(state, tok, j.src[i:end], i)
		if !ok {
			if tok == tokInvalid && state != wantNothing && state != wantMore {
				j.place(state)
				done = i
			}
			j.rest(done)
			return
		}
		state, done = next, end
	}
}

// step adds one token if state allows it, and returns what follows.
func (j *jsonPrinter) step(state want, tok token, text []byte, at int) (want, bool) {
	switch tok {
	case '{', '[':
		if state != wantValue && state != wantElement {
			return 0, false
		}
		j.place(state)
		return j.open(tok, at), true
	case '}', ']':
		return j.close(state, tok)
	case ',':
		if state != wantMore {
			return 0, false
		}
		j.line = append(j.line, ',')
		if j.stack[len(j.stack)-1] == '{' {
			return wantKey, true
		}
		return wantValue, true
	case ':':
		if state != wantColon {
			return 0, false
		}
		j.line = append(j.line, ':', ' ')
		return wantValue, true
	case tokString:
		if state == wantKey || state == wantMember {
			j.place(state)
			j.data(roleKey, text)
			return wantColon, true
		}
		return j.scalar(state, roleString, text)
	case tokNumber:
		return j.scalar(state, roleNumber, text)
	case tokLiteral:
		return j.scalar(state, roleLiteral, text)
	}
	return 0, false
}

// scalar adds a string, number or literal as a value.
func (j *jsonPrinter) scalar(state want, r role, text []byte) (want, bool) {
	if state != wantValue && state != wantElement {
		return 0, false
	}
	j.place(state)
	j.data(r, text)
	return j.after(), true
}

// place goes to where a key or value stands.
func (j *jsonPrinter) place(state want) {
	n := len(j.stack)
	switch {
	case n == 0 || state == wantColon || state == wantValue && j.stack[n-1] == '{':
	case j.inline == 0:
		j.newLine()
	case j.line[len(j.line)-1] == ',':
		j.line = append(j.line, ' ')
	}
}

// open adds an opening bracket and decides whether its value stays on the line.
func (j *jsonPrinter) open(tok token, at int) want {
	j.line = append(j.line, byte(tok))
	j.stack = append(j.stack, byte(tok))
	if j.inline == 0 {
		used := columns(j.line)
		if _, fits := measure(j.src[at:], j.room-used); fits || len(j.stack) > maxDepth {
			j.inline = len(j.stack)
		}
	}
	if tok == '{' {
		return wantMember
	}
	return wantElement
}

// close adds a closing bracket, if it closes what is open.
func (j *jsonPrinter) close(state want, tok token) (want, bool) {
	opening := byte(tok) - 2 // '{' and '}', '[' and ']' are two apart
	empty := state == wantMember || state == wantElement
	if !empty && state != wantMore || len(j.stack) == 0 || j.stack[len(j.stack)-1] != opening {
		return 0, false
	}
	depth := len(j.stack)
	j.stack = j.stack[:depth-1]
	if j.inline == depth {
		j.inline = 0
	} else if j.inline == 0 && !empty {
		j.newLine()
	}
	j.line = append(j.line, byte(tok))
	return j.after(), true
}

// after returns what follows a complete value.
func (j *jsonPrinter) after() want {
	if len(j.stack) == 0 {
		return wantNothing
	}
	return wantMore
}

// newLine begins a line, indented by the depth.
func (j *jsonPrinter) newLine() {
	j.end()
	indent := 2 * min(len(j.stack), maxDepth)
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
	depth := 0
	for i := 0; sum <= room; {
		i = scan.Space(b, i)
		tok, end := lexJSON(b, i)
		switch tok {
		case tokEnd, tokInvalid:
			return 0, false
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		switch tok {
		case ',', ':':
			sum += 2
		case tokString:
			sum += textColumns(b[i:end])
		default:
			sum += end - i
		}
		i = end
		if depth <= 0 {
			return sum, sum <= room && depth == 0
		}
	}
	return 0, false
}

// textColumns returns how many columns text of the traffic takes.
func textColumns(b []byte) int {
	if cleanRun(b) == len(b) {
		return len(b)
	}
	return columns(appendEscaped(nil, b, "", ""))
}
