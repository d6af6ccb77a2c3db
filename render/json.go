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
func (p *page) isRecord(b []byte) bool { return fits(b, maxRecord) }

// print adds JSON to a line that has so many columns.
func (p *page) print(b []byte, room int) {
	p.grammar.Reset()
	j := jsonPrinter{page: p, src: b, room: room}
	j.print()
}

// jsonPrinter is one run over the tokens of one value.
type jsonPrinter struct {
	*page
	src     []byte
	scanner jsontext.Scanner
	done    int // of src was added
	room    int
	inline  int // >0: the value that began at this depth stays on its line
}

// print is the run. Every step takes a token, or members that are quickly taken together.
func (j *jsonPrinter) print() {
	for {
		if j.inline == 0 && j.grammar.Want().Key() {
			j.members()
		}
		if !j.token() {
			return
		}
	}
}

// members adds members of the object whose brackets are the innermost, each on a line of its own, as long as
// there is nothing to them: key and value are scalars that are shown as they are, and a comma follows. Of a last
// one whose value is an object or array it adds the key.
func (j *jsonPrinter) members() {
	depth := j.grammar.Depth()
	for {
		from := jsontext.Space(j.src, j.done)
		colon := graphicString(j.src, from)
		if colon == 0 || colon == len(j.src) || j.src[colon] != ':' {
			return
		}
		value := jsontext.Space(j.src, colon+1)
		kind, end := j.scalar(value)
		if kind == jsontext.Invalid || kind != '{' && (end == len(j.src) || j.src[end] != ',') {
			return
		}
		j.newLine(depth)
		line := append(j.colors.appendBytes(j.line, roleKey, j.src[from:colon]), ':', ' ')
		if kind == '{' {
			j.line, j.done = line, value
			j.grammar.Step(jsontext.String)
			j.grammar.Step(':')
			return
		}
		j.line = append(j.colors.appendBytes(line, scalarRole(kind), j.src[value:end]), ',')
		j.done = end + 1
		j.grammar.KeyNext()
	}
}

// scalar returns where the scalar ends that begins at src[i], and its kind: '{' if it is an object or array, and
// Invalid if it is not shown as it is.
func (j *jsonPrinter) scalar(i int) (jsontext.Kind, int) {
	if i == len(j.src) {
		return jsontext.Invalid, i
	}
	switch j.src[i] {
	case '{', '[':
		return '{', i
	case '"':
		if end := graphicString(j.src, i); end > 0 {
			return jsontext.String, end
		}
		return jsontext.Invalid, i
	}
	var s jsontext.Scanner
	kind, _, end := s.Next(j.src, i)
	if kind != jsontext.Number && kind != jsontext.Literal || s.Cut() {
		return jsontext.Invalid, i
	}
	return kind, end
}

// scalarRole returns the role of a string, number or literal that is a value.
func scalarRole(k jsontext.Kind) role {
	switch k {
	case jsontext.String:
		return roleString
	case jsontext.Number:
		return roleNumber
	}
	return roleLiteral
}

// token adds the next token. If there is none, or it may not come, it adds all that is left, and returns false.
func (j *jsonPrinter) token() bool {
	kind, from, to := j.scanner.Next(j.src, j.done)
	if j.scanner.Cut() && kind != jsontext.Number {
		kind = jsontext.Invalid // a string or literal that does not end in the text
	}
	if kind == jsontext.End {
		return false
	}
	done := j.done
	if j.done = to; j.step(kind, from, to) {
		return true
	}
	if want := j.grammar.Want(); kind == jsontext.Invalid && want != jsontext.WantNothing && want != jsontext.WantComma {
		j.place(j.beside(), j.grammar.Depth())
		done = from
	}
	j.rest(j.src[done:])
	return false
}

// step adds the next token, src[from:to], if it may come.
func (j *jsonPrinter) step(kind jsontext.Kind, from, to int) bool {
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
	switch kind {
	case '{', '[':
		j.open(kind, from)
	case jsontext.String:
		j.data(j.role(kind), j.src[from:to])
	default:
		j.line = j.colors.appendBytes(j.line, j.role(kind), j.src[from:to])
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

// open adds an opening bracket, src[from], and all of its value if that stays on the line.
func (j *jsonPrinter) open(bracket jsontext.Kind, from int) {
	j.line = append(j.line, byte(bracket))
	if j.inline != 0 {
		return
	}
	end, ok, broken := j.whole(from)
	switch {
	case ok:
		j.done = end
	case broken && fits(j.src[from:], j.room-columns(j.line)), j.grammar.Depth() > maxDepth:
		j.inline = j.grammar.Depth()
	}
}

// whole adds the rest of the array or object whose bracket is src[from], and was added last, if all of it fits
// on the line; else nothing. It returns where that ends in src, and whether that is so. broken says that what is
// there is no value, as far as it was read.
func (j *jsonPrinter) whole(from int) (end int, ok, broken bool) {
	room := j.room - columns(j.line)
	if room <= 0 {
		return 0, false, false
	}
	b, limit := within(j.src[from:], room)
	var (
		s          jsontext.Scanner
		before     = j.grammar
		line       = j.line
		sum, depth = 1, 1
	)
	for i := 1; sum <= room; {
		kind, at, to := jsontext.String, i, graphicString(b, i)
		graphic := to > 0
		if !graphic {
			kind, at, to = s.Next(b, i)
			if s.Cut() && kind != jsontext.Number {
				kind = jsontext.Invalid
			}
		}
		if to > limit || kind == jsontext.End || kind == jsontext.Invalid {
			break
		}
		if !j.grammar.Step(kind) {
			broken = true
			break
		}
		i = to
		switch kind {
		case ',', ':':
			line = append(line, byte(kind), ' ')
			sum += 2
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			text, r := b[at:to], j.role(kind)
			if graphic || kind != jsontext.String {
				line, sum = j.colors.appendBytes(line, r, text), sum+len(text)
			} else {
				line, sum = appendPainted(line, j.colors, r, text), sum+textColumns(text)
			}
			continue
		}
		line = append(line, byte(kind))
		if sum++; depth == 0 && sum <= room {
			j.line = line
			return from + to, true, false
		}
	}
	j.grammar, j.line = before, line[:len(j.line)]
	return 0, false, broken
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
