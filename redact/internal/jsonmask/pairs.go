package jsonmask

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// pairString takes a value in an object of names and values. What is no secret
// by name may be options with names of their own.
func pairString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if m := r.Given.Of(p.called); m != 0 {
		return called(r, m, found, s, 0, ended, "")
	}
	return r.Assignments(found, s, 0, p.listed(), ended, ""), false
}

// listed says whether the value that comes, in an object of such, may be a list of options
// rather than a text.
func (p *place) listed() bool { return p.key&(key.Words|key.Text) == 0 }

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

// nameText is nameString of what may quote command lines.
func nameText(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	found, _ = nameString(p, r, found, s, ended)
	return textString(p, r, found, s, ended)
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

// isNamed says whether the value that comes goes by the name of a secret, which was told
// beside it.
func (p *place) isNamed(r *text.Rules) bool {
	l := p.top()
	return l.object && l.name != nil && p.key&key.Data != 0 && r.Given.Of(l.name) != 0
}

// namedString takes a value whose name was told beside it.
func namedString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if m := r.Given.Of(p.top().name); m != 0 {
		return called(r, m, found, s, 0, ended, "")
	}
	return found, false
}
