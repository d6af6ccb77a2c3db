package jsonmask

import (
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// look looks for what is secret in a string because of where it stands, and
// says whether nothing else is to be looked for in it. What it finds is named
// behind the name of the string.
type look func(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool)

// secretString takes a secret.
func secretString(_ *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return found.Either(r.Marks, s, 0, len(s), ended, ""), true
}

// textString takes a text that may quote command lines.
func textString(_ *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return r.Assignments(found, s, 0, false, ended, ""), false
}

// headerString takes the value of a quoted header field.
func headerString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if field.IsSecret(p.called) {
		return secretString(p, r, found, s, ended)
	}
	return found, false
}

// quotedTarget takes a quoted request target.
func quotedTarget(p *place, _ *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return p.in.Quotes.Target(found, s, ended), true
}

// quotedBody takes a quoted body.
func quotedBody(p *place, _ *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return p.in.Quotes.Body(found, s, ended), true
}
