package jsonmask

import (
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// hiddenString takes a secret, whatever it is.
func hiddenString(_ *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return found.Either(r.Marks, s, 0, len(s), ended, ""), true
}

// secretString takes what has the name of a secret.
func secretString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	k := p.key
	if k&key.Secret == 0 {
		k = p.top().key
	}
	return called(r, k.Meaning(), found, s, 0, ended, "")
}

// called takes s[from:], of whose name this is known.
func called(r *text.Rules, m words.Meaning, found mask.Spans, s []byte, from int, ended bool, label string) (mask.Spans, bool) {
	if ended && m.Excuses(s[from:]) {
		return found, false
	}
	return found.Either(r.Marks, s, from, len(s), ended, label), true
}

// textString takes a text that may quote command lines.
func textString(_ *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	return r.Assignments(found, s, 0, false, ended, ""), false
}

// headerString takes the value of a quoted header field.
func headerString(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool) {
	if m := r.Fields.Of(p.called); m != 0 {
		return called(r, m, found, s, 0, ended, "")
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
