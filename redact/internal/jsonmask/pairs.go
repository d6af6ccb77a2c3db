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
	if r.Given.IsSecret(p.called) {
		return secretString(p, r, found, s, ended)
	}
	return r.Assignments(found, s, 0, p.key&(key.Words|key.Text) == 0, ended, ""), false
}

// entryString takes "NAME=value".
func entryString(_ *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	called, value, ok := bytes.Cut(s, []byte("="))
	if !ok {
		return found, false
	}
	from := len(s) - len(value)
	if r.Given.IsSecret(called) {
		return found.Either(r.Marks, s, from, len(s), ended, name.Join("", called)), true
	}
	return r.Assignments(found, s, from, true, ended, ""), false
}

// itemString takes a string of an object in an array of such, as the variables
// of plugins are: "Name" is expected before "Value".
func itemString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	l := p.top()
	switch {
	case bytes.EqualFold(p.called, []byte("name")):
		if ended {
			l.told, l.flag = true, r.Given.IsSecret(s)
		}
	case bytes.EqualFold(p.called, []byte("value")) && (l.flag || !l.told):
		return secretString(p, r, found, s, ended)
	}
	return found, false
}
