package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// Assignments adds the secrets in a text that may quote command lines,
// variables and options: values of what has a secret name, as in
//
//	export API_TOKEN=…; mysql --password=… --token … -e "DB_PASSWORD=…"
//	ENV API_TOKEN …                                 (of a Dockerfile)
//	curl -u user:… -H "X-Vault-Token: …" -d '{"password": "…"}'
//
// Text is from i on; in a list, values end with commas too. ended says that
// the text does not go on.
func (r *Rules) Assignments(found mask.Spans, text []byte, i int, list, ended bool, label string) mask.Spans {
	if n := begins.Find(text[i:]); i+n == len(text) && (n == 0 || text[i] != '-') {
		return found // one word, as most are
	}
	options := bytes.IndexByte(text[i:], '-') >= 0
	if !options && !r.Given.Any() && !words.MayIn(text[i:]) {
		return found // no name in it says anything
	}
	a := assignments{rules: r, text: text, list: list, ended: ended, label: label, found: found, options: options}
	a.controls = chars.MayControl(text[i:])
	stops := begins
	if options {
		stops = wordBegins
		i = a.word(i)
	}
	for {
		if i += stops.Find(text[i:]); i == len(text) {
			return a.found
		}
		i = max(i, a.take(i))
	}
}

// MayAssign tells most texts apart from those that may assign to the name of a secret.
func (r *Rules) MayAssign(text []byte) bool {
	return bytes.IndexByte(text, '=') >= 0 && (r.Given.Any() || words.MayIn(text))
}

// assignments goes through a text.
type assignments struct {
	rules       *Rules
	text        []byte
	list, ended bool
	label       string
	found       mask.Spans
	options     bool // there may be some
	controls    bool // there may be control sequences of a terminal
	command     Command
	open        byte // the quote that we are within
	listed      int  // where the last list of words ends
	taken       int  // where the last value ends
}

// What values begin behind, and quotes; where there are options, what words do, too.
var (
	begins     = chars.Of("", "=: \t\"'")
	wordBegins = chars.Of("", "=: \t\"';|&\r\n[")
)

// take takes what stands behind the mark at text[i], and returns where to look on.
func (a *assignments) take(i int) int {
	var called []byte
	var m words.Meaning
	var from int
	switch c := a.text[i]; c {
	case '"', '\'':
		if a.open == 0 {
			a.open = c
		} else if a.open == c {
			a.open = 0
		}
		return i + 1
	case '[':
		if i >= a.listed { // brackets may stand in the words of a list
			a.found, a.listed = a.rules.execForm(a.found, a.text, i+1, a.label)
		}
		return i + 1
	case ';', '|', '&', '\r', '\n':
		if c == ';' && a.controls && chars.InControl(a.text[:i]) {
			return i + 1
		}
		a.command = Command{}
		return a.word(i + 1)
	case '=':
		called, m, from = a.rules.beforeEquals(a.text, i)
	case ':':
		if called, m, from = a.rules.beforeColon(a.text, i); m != 0 && isFailure(a.text[a.taken:i], a.text[i+1:], a.ended) {
			m = 0
		}
	default:
		called, m, from = a.rules.beforeBlank(a.text, i)
		if m == 0 && a.controls {
			called, m, from = a.rules.amongControls(a.text, i)
		}
		if m == 0 && a.options {
			return a.word(i + 1)
		}
	}
	if m == 0 && a.controls {
		called, m, from = a.rules.amongControls(a.text, i)
	}
	if m == 0 {
		return i + 1
	}
	return a.value(called, m, from, a.open, a.text[i] == ':')
}

// word takes the word that begins at text[i], if one does, and returns where to look on.
func (a *assignments) word(i int) int {
	from := behindBlanks(a.text, i)
	if a.controls && a.command.next == anything {
		if n := chars.Controls(a.text[from:]); n > 0 {
			from += n
			i = from // the word is taken once
		}
	}
	own := a.open == 0 && isQuoteAt(a.text, from) // quotes around it
	if own {
		from++
	}
	open := a.open
	if own {
		open = a.text[from-1]
	}
	w := a.text[from:min(len(a.text), from+maxWord)]
	w = w[:optionSize(w, open)]
	if a.controls && len(w) > 0 && w[0] == '-' {
		w = w[:len(w)-chars.ControlBefore(w)]
	}
	if len(w) == 0 {
		return i
	}
	at, m := a.command.Next(a.rules.Given, w)
	switch {
	case m == 0:
		return i
	case own:
		return a.quoted(m, from-1, from+at)
	}
	open = quoteAfter(w[:at], a.open)
	next := a.value(nil, m, from+at, open, false)
	if open != a.open && isQuoteAt(a.text, next) {
		next++ // of the word
	}
	return next
}

// quoted adds the rest, from text[from:] on, of a word whose quote is at text[at], and
// returns where to look on.
func (a *assignments) quoted(m words.Meaning, at, from int) int {
	to, closed := len(a.text), a.ended
	if n := quotedSize(a.text[at:]); n > 0 {
		to, closed = at+n-1, true
	}
	a.taken = to
	if !closed || !m.Excuses(a.text[from:to]) {
		a.found = a.found.Either(a.rules.Marks, a.text, from, to, closed, a.label)
	}
	return min(to+1, len(a.text))
}

// optionSize returns the size of the word that w begins with, with what is in quotes in
// it: -p'…'. The quote that we are within ends it.
func optionSize(w []byte, open byte) (n int) {
	for {
		n += optionEnds.Find(w[n:])
		if !isQuoteAt(w, n) || w[n] == open || n == 0 {
			return n
		}
		size := quotedSize(w[n:])
		if size == 0 {
			return len(w)
		}
		n += size
	}
}

// quoteAfter returns the quote that we are within behind w, which may open one.
func quoteAfter(w []byte, open byte) byte {
	for _, c := range w {
		switch {
		case c != '"' && c != '\'' || open != 0 && c != open:
		case open == 0:
			open = c
		default:
			open = 0
		}
	}
	return open
}

var optionEnds = chars.Of("", " \t\r\n;|&\"'`<>()")

// value adds the value that begins at text[from:], behind a colon or in a word, unless
// it is none that a secret has; and returns where to look on.
func (a *assignments) value(called []byte, m words.Meaning, from int, open byte, field bool) int {
	start, to, closed := from, 0, false
	if field {
		from = quotedBehindControls(a.text, from)
	}
	begin, behind := from, behindControls(a.text, from)
	if field {
		from, to, closed = fieldValue(a.text, behind)
	} else {
		from, to, closed = wordValue(a.text, behind, a.list, open)
	}
	if from == behind && mask.Size(a.text[from:]) == 0 {
		from = begin // they may be of the value
	}
	whole := closed || a.ended
	a.taken = to
	if v := a.text[from:to]; !isReference(v) && !(whole && m.Excuses(v)) {
		a.found = a.found.Either(a.rules.Marks, a.text, from, to, whole, name.Join(a.label, called))
	}
	if from > start && isQuoteAt(a.text, to) && a.text[to] == a.text[from-1] {
		to++ // the quotes around it
	}
	return max(to, start)
}
