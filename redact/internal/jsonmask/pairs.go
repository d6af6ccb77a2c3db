package jsonmask

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// pairString takes a value in an object of names and values. What is no secret
// by name may be options with names of their own.
func pairString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if m := r.Given.Of(p.called); m != 0 {
		return called(r, m, found, s, 0, ended, "")
	}
	return r.Assignments(found, s, 0, p.key&(key.Words|key.Text) == 0, ended, ""), false
}

// entryString takes "NAME=value".
func entryString(_ *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	variable, value, ok := bytes.Cut(s, []byte("="))
	if !ok {
		return found, false
	}
	from := len(s) - len(value)
	if m := r.Given.Of(variable); m != 0 {
		return called(r, m, found, s, from, ended, name.Join("", variable))
	}
	return r.Assignments(found, s, from, true, ended, ""), false
}

// itemString takes a string of an object in an array of such, as the variables
// of plugins are: "Name" is expected before "Value".
func itemString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	isValue := bytes.EqualFold(p.called, []byte("value"))
	switch l := p.top(); {
	case p.key&key.Called != 0:
		return nameString(p, r, found, s, ended)
	case isValue && l.name == nil:
		return hiddenString(p, r, found, s, ended)
	case isValue:
		return namedString(p, r, found, s, ended)
	}
	return found, false
}

// nameString takes what the value beside it goes by.
func nameString(p *place, _ *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if ended {
		p.top().name = bytes.Clone(nameEnd(s))
	}
	return found, false
}

// coupleString takes a string of an array in an array.
func coupleString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if p.top().name == nil {
		return nameString(p, r, found, s, ended)
	}
	found, all := namedString(p, r, found, s, ended)
	p.top().name = []byte{} // names nothing else
	return found, all
}

// namedString takes a value whose name was told beside it.
func namedString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if m := r.Given.Of(p.top().name); m != 0 {
		return called(r, m, found, s, 0, ended, "")
	}
	return found, false
}

// early is a value that stands before the name it goes by.
type early struct {
	str
	called []byte // its key
	number bool
}

// note notes a value whose name may follow, or masks a number whose name was told.
func (p *piece) note(at *place, s str, number bool) {
	l := at.top()
	switch {
	case !l.object || at.key&key.Data == 0 || !s.ended:
	case l.name == nil:
		l.early = early{s, at.called, number}
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
		p.value(at, e.str, namedString)
	}
	at.key, at.called = k, name
}
