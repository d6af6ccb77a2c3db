package jsonmask

import (
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// look is how to look for what is secret in a string because of where it stands.
type look uint8

const (
	noLook look = iota
	asHidden
	asSecret
	asItem
	asPair
	asHeader
	asEntry
	asWord
	asText
	asName
	asNameText
	asNamed
	asCouple
	asQuotedBody
	asQuotedTarget
)

// looks look for that, and say whether nothing else is to be looked for in it. What they
// find is named behind the name of the string.
var looks = [...]func(p *place, r *text.Rules, found mask.Spans, s []byte, ended bool) (mask.Spans, bool){
	asHidden: hiddenString, asSecret: secretString, asItem: itemString, asPair: pairString, asHeader: headerString,
	asEntry: entryString, asWord: wordString, asText: textString, asName: nameString, asNameText: nameText,
	asNamed: namedString, asCouple: coupleString, asQuotedBody: quotedBody, asQuotedTarget: quotedTarget,
}

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
