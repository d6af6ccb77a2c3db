package jsonmask

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// piece is what there is to look at, and what was found in it.
type piece struct {
	rules *text.Rules
	text  []byte // what was kept of the last piece, and this one
	last  bool   // nothing follows
	found mask.Spans
	hot   int    // where the next form in text begins; -1: not known
	plain []byte // memory for strings without their escapes
	// nested finds the secrets in a text that a string holds.
	nested func(r *text.Rules, found mask.Spans, b []byte, in Where, last bool) mask.Spans
}

// str is a string, by where its inside is in the text.
type str struct {
	from, to       int
	ended, escaped bool
}

// unescaped returns the inside of s without its escapes. It is valid until the
// next call.
func (p *piece) unescaped(s str) []byte {
	p.plain = jsontext.Unescape(p.plain[:0], p.text[s.from:s.to])
	return p.plain
}

// hotIn says whether some form begins in text[from:to]. It is asked about one
// string after another, and looks through the text once.
func (p *piece) hotIn(from, to int) bool {
	if p.hot < from {
		p.lookOn(from)
	}
	return p.hot < to
}

// lookOn finds the next form in text[from:].
func (p *piece) lookOn(from int) {
	p.hot = len(p.text)
	if start := form.Index(p.text[from:]); start >= 0 {
		p.hot = from + start
	}
}

// keyString takes a key.
func (p *piece) keyString(at *place, s str) {
	if at.secretKey() {
		p.found = p.found.Either(p.rules.Marks, p.text, s.from, s.to, s.ended, at.path())
		return
	}
	called := p.text[s.from:s.to]
	if s.escaped {
		called = bytes.Clone(p.unescaped(s))
	}
	n := len(p.found)
	entry := at.isEntry(called)
	if s.ended {
		at.key, at.called = p.rules.Keys.Of(called), called
	}
	if entry {
		at.called = nil // no path quotes the value
		p.found, _ = entryString(at, p.rules, p.found, called, s.ended)
	}
	if s.escaped || p.hotIn(s.from, s.to) {
		p.found = form.Find(p.found, p.rules.Marks, called, s.ended, "")
	}
	if len(p.found) > n {
		p.locate(at, s, n)
	}
	if entry && s.ended {
		at.called, _, _ = bytes.Cut(called, []byte("="))
	}
}

// valueString takes a value; it is not empty.
func (p *piece) valueString(at *place, s str) {
	look := choose(at)
	if look == noLook || at.in.Texts {
		p.note(at, s, false)
	}
	p.value(at, s, look)
}

// value looks at a value, as it is to be looked at.
func (p *piece) value(at *place, s str, look look) {
	hot := s.escaped || p.hotIn(s.from, s.to)
	if look == noLook && !hot && at.in.Values == nil {
		return
	}
	value, as := p.text[s.from:s.to], p.dullAs(at, s, look, hot)
	if p.isDull(value, as) {
		return
	}
	if s.escaped {
		value = p.unescaped(s)
	}
	n := len(p.found)
	all := false
	if look != noLook {
		p.found, all = looks[look](at, p.rules, p.found, value, s.ended)
		hot = hot && !all
	}
	switch {
	case !s.escaped || all:
	case !Begins(value):
		if look == noLook || at.in.Texts {
			p.found = linesIn(p.rules, p.found, value, s.ended)
		}
	case at.in.depth < maxNested:
		p.found = p.nested(p.rules, p.found, value, at.in.inside(), s.ended)
		fallthrough
	default:
		as = 0 // what is in there depends on more
	}
	if hot {
		p.found = form.Find(p.found, p.rules.Marks, value, s.ended, "")
	}
	if !all {
		p.found = mask.Values(p.found, p.rules.Marks, value, at.in.Values, "")
	}
	if len(p.found) > n {
		p.locate(at, s, n)
	} else if as != 0 {
		p.rules.Dull.Put(p.text[s.from:s.to], as)
	}
}

// linesIn adds the secrets in a text of several lines, or with quotes, by the names
// before them.
func linesIn(r *text.Rules, found mask.Spans, b []byte, ended bool) mask.Spans {
	if i := bytes.IndexAny(b, "\n\""); i < 0 || i == len(b)-1 {
		return found
	}
	if ended {
		b = append(b, '\n') // ends what stands in the last line
	}
	l := text.Lines{Prose: true}
	return l.Find(r, found, b, ".")
}

// locate puts what was found in the inside of s, behind the first n, where it
// is in the text, and names it.
func (p *piece) locate(at *place, s str, n int) {
	added := p.found[n:].Sorted()
	p.found = p.found[:n+len(added)]
	path, sent := at.path(), jsontext.Place{}
	for i := range added {
		sp := &added[i]
		if s.escaped {
			raw := p.text[s.from:]
			sp.From, sp.To = sent.In(raw, sp.From), sent.In(raw, sp.To)
			sp.With = quotes.Replace(sp.With)
		}
		sp.From, sp.To, sp.Name = s.from+sp.From, s.from+sp.To, path+sp.Name
	}
}

// quotes has what stands for a number in a text within a string as it is in a string.
var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// number takes a number that is a secret: what is shown is a string.
func (p *piece) number(at *place, from, to int, ended bool) {
	n := len(p.found)
	p.found = p.found.Either(p.rules.Marks, p.text, from, to, ended, at.path())
	for i := range p.found[n:] {
		p.found[n+i].With = `"` + p.found[n+i].With + `"`
	}
}

// note notes a value whose name may follow, or masks a number whose name was told.
func (p *piece) note(at *place, s str, number bool) {
	l := at.top()
	switch {
	case !l.object || at.key&key.Data == 0 || !s.ended:
	case l.name == nil:
		l.early = early{s.from, s.to, s.escaped, number, at.called}
	case number && p.rules.Given.Of(l.name)&words.Strict != 0:
		p.number(at, s.from, s.to, true)
	}
}

// named masks the value before the name that was just told, if that is a secret's.
func (p *piece) named(at *place) {
	l := at.top()
	e := l.early
	if e.to == 0 {
		return
	}
	l.early = early{}
	m := p.rules.Given.Of(l.name)
	if m == 0 || e.number && m&words.Strict == 0 {
		return
	}
	k, name := at.key, at.called
	at.key, at.called = key.Data, e.called
	if e.number {
		p.number(at, e.from, e.to, true)
	} else {
		p.value(at, str{e.from, e.to, true, e.escaped}, asNamed)
	}
	at.key, at.called = k, name
}

// dullAs returns how s is looked at, if what is found in it is the same wherever that is
// so; otherwise 0. It is never that of a string which is secret as a whole. hot says that
// there may be a form in it: without escapes, what is before the string counts for that.
func (p *piece) dullAs(at *place, s str, look look, hot bool) uint32 {
	const others = uint32(asQuotedTarget) + 1
	switch {
	case at.plods || !s.ended || hot && !s.escaped || at.in.looks():
		return 0
	case look == noLook:
		return others
	case look == asText, look == asEntry:
		return uint32(look)
	case look == asPair && p.rules.Given.Of(at.called) == 0:
		if at.listed() {
			return uint32(asPair)
		}
		return uint32(asText)
	}
	return 0
}

// isDull says whether a string was looked at in that way before, and had nothing in it.
func (p *piece) isDull(inside []byte, as uint32) bool {
	if as == 0 {
		return false
	}
	known, ok := p.rules.Dull.Of(inside)
	return ok && known == as
}
