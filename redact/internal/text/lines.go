package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// Lines follows what a stream of unknown kind has of names and values, however it
// is cut: lines that look like header fields, assignments such as the parameters of
// a query, members of JSON objects, and elements of XML. Its zero value is ready.
type Lines struct {
	// Prose says that people read the text: a single word before a colon is a name only
	// where a line begins.
	Prose bool

	tail   tail   // what went by before this piece
	name   string // of the secret whose value goes on here; empty: not in one
	says   words.Meaning
	takes  taker
	ends   *chars.Set // what ends the value of an assignment
	apart  bool       // blanks may stand before that value, as before its "="
	begun  bool       // some of the value has gone by
	folded bool       // a secret value has just ended; white space goes on with it
	within bool       // what went by does not begin the text
	member member     // a value of JSON
	tag    tag        // of XML, that is open
	held   held       // what elements of XML hold that is a secret
}

// taker adds the value that begins or goes on at text[i], and returns where it ends in
// this piece.
type taker func(l *Lines, r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int)

// Find adds the values in text, the next piece of the stream, of what has a secret
// name. They are named behind prefix.
func (l *Lines) Find(r *Rules, found mask.Spans, text []byte, prefix string) mask.Spans {
	for i := 0; i < len(text); {
		if l.folded {
			if l.begun = isBlank(text[i]); !l.begun {
				l.name = ""
			}
		}
		if l.folded = false; l.name == "" {
			n, ok := l.findName(r, text[i:])
			if i += n; !ok || i == len(text) {
				break
			}
		}
		found, i = l.takes(l, r, found, text, i, prefix)
	}
	return found
}

// Skip takes the next piece of the stream, whose secrets are known.
func (l *Lines) Skip(r *Rules, text []byte) { l.Find(r, nil, text, "") }

// findName returns the size of text up to the first value in it that has a secret
// name, and remembers that; false if there is none.
func (l *Lines) findName(r *Rules, text []byte) (size int, found bool) {
	l.name, l.begun = "", false
	controls := chars.MayControl(l.tail) || chars.MayControl(text)
	for size < len(text) {
		n := nameEnds.Find(text[size:])
		if size+n == len(text) {
			break
		}
		l.tail.add(text[size : size+n])
		size += n + 1
		end := text[size-1]
		l.tag.next(l.tail, end)
		l.mark(r, end, text[size:])
		if controls && l.name == "" && end != '>' && l.tail.uncontrol() {
			l.mark(r, end, text[size:])
		}
		l.tail, l.within = l.tail[:0], true
		if l.name != "" {
			return size, true
		}
	}
	l.tail.add(text[size:])
	return len(text), false
}

// mark notes what is before c, if it is the name of a secret. rest is the text behind it.
func (l *Lines) mark(r *Rules, c byte, rest []byte) {
	switch c {
	case '=':
		l.assignment(r)
	case '>':
		l.element(r)
	default:
		l.colon(r, rest)
	}
}

// assignment notes what is before "=", if it is the name of a secret.
func (l *Lines) assignment(r *Rules) {
	before := trimBlanks(l.tail)
	if l.attribute(r) {
		return
	}
	if called := nameBefore(before, len(before)); len(called) > 0 {
		apart := len(before) < len(l.tail)
		if m := r.Given.Of(called); m != 0 && !(apart && m&words.Weak != 0) {
			l.name, l.says, l.ends, l.takes, l.apart = string(called), m, assignEnds, (*Lines).assigned, apart
		}
	}
}

// colon notes what is before ":", if it is the name of a secret: the key of a member
// in quotes, or that of a field. rest is the text behind it.
func (l *Lines) colon(r *Rules, rest []byte) {
	before := trimBlanks(l.tail)
	if n := len(before); n > 0 && isQuoteAt(before, n-1) {
		called := nameBefore(before, len(bytes.TrimRight(before[:n-1], `\`)))
		if k := r.Keys.Of(called); k&key.Secret != 0 && !isFailure(l.tail, rest, false) {
			l.name, l.says, l.member, l.takes = string(called), k.Meaning(), member{}, (*Lines).valued
			if bytes.IndexByte(quotedBefore(l.tail), '/') >= 0 {
				l.takes = (*Lines).said
			}
		}
		return
	}
	called := field.LastToken(l.tail)
	if !words.May(called) && !r.Given.Any() {
		return
	}
	m := r.Fields.Of(called)
	if l.Prose && !l.beginsLine(called) {
		m = r.Fields.InText(called)
	}
	if m != 0 && m&(words.Weak|words.Code) == 0 {
		l.name, l.says, l.takes = string(called), m, (*Lines).line
	} else if k := r.Keys.Of(called); k&key.Secret != 0 && k.Meaning()&words.Code == 0 {
		said := string(called)
		if l.tail.uncontrol() {
			l.colon(r, rest) // that may say more
		}
		if l.name == "" {
			l.name, l.says, l.takes = said, k.Meaning(), (*Lines).quoted
		}
	}
}

// beginsLine says whether the name at the end of what went by is the first thing in
// its line, or in an item of a list.
func (l *Lines) beginsLine(called []byte) bool {
	before := trimBlanks(l.tail)
	before = bytes.TrimRight(before[:len(before)-len(called)], " \t-")
	return len(before) == 0 && !l.within || len(before) > 0 && before[len(before)-1] == '\n'
}

// assigned adds the value of an assignment.
func (l *Lines) assigned(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if l.apart {
		if i = behindBlanks(text, i); i == len(text) {
			return found, i
		}
		if l.apart = false; text[i] == '=' { // a comparison
			l.name = ""
			return found, i
		}
	}
	from := i
	if !l.begun {
		from = behindControls(text, i)
	}
	if n := mask.Size(text[from:]); n > 0 {
		l.begun = true
		return found, from + n
	}
	if !l.begun && isQuoteAt(text, from) {
		l.ends = quoteEnds[text[from]&1] // '"' is even, '\'' is odd
		l.begun = true
		return found, from + 1
	}
	end := from + l.ends.Find(text[from:])
	ended := end < len(text)
	l.tag.value(text[i:end])
	if !ended || l.begun || !isReference(text[i:end]) && !l.says.Excuses(text[i:end]) {
		found = found.Either(r.Marks, text, i, end, ended && (!l.begun || l.ends != assignEnds), prefix+l.name)
	}
	if l.begun = !ended; ended {
		l.name = ""
	}
	return found, end
}

// valued adds the value of a member.
func (l *Lines) valued(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if !l.begun {
		i = quotedBehindControls(text, i)
	}
	from, to, next, ended := l.member.take(text, i)
	whole := ended && !l.begun
	if !whole || !l.says.Excuses(text[from:to]) {
		found = found.Either(r.Marks, text, from, to, whole, prefix+l.name)
	}
	if l.begun = !ended && (l.begun || from < to); ended {
		l.name = ""
	}
	return found, next
}

// said adds what is said of a path in quotes: the value of a member, or else the rest of
// the line.
func (l *Lines) said(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if i = behindBlanks(text, i); i == len(text) {
		return found, i
	}
	l.takes = (*Lines).valued
	if letters[text[i]] {
		l.takes = (*Lines).line
	}
	return l.takes(l, r, found, text, i, prefix)
}

// quoted adds the value behind a name in prose, if it is in quotes, as members are in
// JavaScript and arguments in GraphQL.
func (l *Lines) quoted(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	switch i = quotedBehindControls(text, behindBlanks(text, i)); {
	case i == len(text):
		return found, i
	case isQuoteAt(text, i) || text[i] == '\\' || text[i] == '`':
		l.member, l.takes = member{}, (*Lines).valued
		return l.valued(r, found, text, i, prefix)
	}
	l.name = ""
	return found, i
}

// attribute notes the attribute whose name went by, if it holds the value of a secret that
// another one has named, or its element. It reports whether it does.
func (l *Lines) attribute(r *Rules) bool {
	t := &l.tag
	if !t.open || !holding[t.attr] {
		return false
	}
	called := t.told
	if called == "" {
		called = t.name
	}
	m := r.Given.Of([]byte(called))
	if !isStrong(m) {
		return false
	}
	l.name, l.says, l.ends, l.takes, l.apart = called, m, assignEnds, (*Lines).assigned, true
	return true
}

// element notes what the tag that ends here says of the text behind it.
func (l *Lines) element(r *Rules) {
	t, empty := l.tag, bytes.HasSuffix(l.tail, []byte("/"))
	l.tag = tag{}
	switch {
	case t.end:
		l.held.leave(r, t.told)
	case t.name != "" && !empty:
		l.held.enter(t.name)
		if l.holder(r, &t) {
			return
		}
	}
	if l.held.goesOn() && (t.end || t.open) {
		l.inElement(l.held.secret, words.Secret)
	}
}

// holder notes an element that holds a secret, and reports whether it does.
func (l *Lines) holder(r *Rules, t *tag) bool {
	if m := r.Given.Of([]byte(t.told)); isStrong(m) && !t.holds && !leading[t.name] {
		l.held.begin(t.told)
		l.inElement(t.told, m)
		return true
	}
	if m := r.Given.Of([]byte(t.name)); isStrong(m) {
		l.inElement(t.name, m)
		return true
	}
	if l.held.holds() {
		l.inElement(l.held.secret, r.Given.Of([]byte(l.held.secret)))
		return true
	}
	return false
}

// inElement notes that the text that follows is the value of a secret.
func (l *Lines) inElement(called string, m words.Meaning) {
	l.name, l.says, l.takes = called, m, (*Lines).inside
}

// inside adds the text of an element: what stands behind its tag in the line. Behind a
// blank it is none, but what people write in usage messages. Elements in it go on with it.
func (l *Lines) inside(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if !l.begun {
		var other string
		if i, l.begun, other = l.tag.text(text, i); other != "" {
			l.name, l.tag, l.tail = "", tag{}, append(l.tail[:0], other...)
			return found, i
		}
		switch {
		case i == len(text):
			return found, i
		case !l.begun && !l.held.goesOn() && isBlank(text[i]):
			l.name, l.tag = "", tag{}
			return found, i
		}
	}
	n := elementEnds.Find(text[i:])
	ended, some := i+n < len(text), l.begun || n > 0
	if whole := ended && !l.begun; !whole || !l.says.Excuses(text[i:i+n]) {
		found = found.Either(r.Marks, text, i, i+n, whole, prefix+l.name)
	} else {
		some = false
	}
	if l.begun = !ended; ended {
		l.behindText(text[i+n], some)
	}
	return found, i + n
}

// behindText notes what stands behind the text of an element, or a part of it: other
// elements, or the end of the line. some says that there was a secret.
func (l *Lines) behindText(end byte, some bool) {
	switch {
	case end != '<' && l.held.goesOn():
		l.held = held{}
	case end == '<' && some && !l.held.goesOn():
		l.held.goOn(l.name)
	}
	l.name, l.tag = "", tag{}
}

// line adds the value of a field: the rest of its line.
func (l *Lines) line(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if !l.begun {
		i = behindBlanks(text, i)
	}
	value, rest, ended := bytes.Cut(text[i:], []byte("\n"))
	value = bytes.TrimRight(value, "\r")
	if !l.begun && ended {
		found = fieldLine(r, found, text, i, i+len(value), l.name, l.says, prefix+l.name)
	} else {
		found = found.Piece(text, i, i+len(value), prefix+l.name)
	}
	if l.begun = !ended && (l.begun || len(value) > 0); ended {
		l.folded, l.within, l.tail = true, false, l.tail[:0]
	}
	return found, len(text) - len(rest)
}

var letters = chars.Of("aA", "")

// What ends the name of a field, an assignment or an element, and the value of an
// assignment: one without quotes, and those in them.
var (
	nameEnds    = chars.Of("", ":=>")
	elementEnds = chars.Of("", "<\r\n")
	assignEnds  = chars.Of("", " \t\r\n&;,<>()`\"'\x00")
	quoteEnds   = [2]*chars.Set{chars.Of("", "\"\r\n\x00"), chars.Of("", "'\r\n\x00")}
)
