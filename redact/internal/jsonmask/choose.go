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

// choose returns how to look at the string that comes; noLook if nothing is known
// of it.
func choose(p *place) look {
	n := len(p.levels)
	l := p.top()
	switch k := p.key; {
	case l.secret, p.isData(), l.object && l.key&key.Valued != 0 && k&key.Data != 0:
		return asHidden
	case l.key&key.Names != 0, n > 1 && p.levels[n-2].key&key.Names != 0 && !l.object:
		return noLook
	case k&key.Secret != 0, !l.object && l.key&key.Secret != 0,
		l.object && l.key&key.Members != 0 && !words.Names(p.called):
		return asSecret
	case p.in.Login && k&key.Shown == 0:
		return asHidden
	case l.object && n > 1 && !p.levels[n-2].object && p.levels[n-2].key&key.Pairs != 0:
		return asItem
	case l.object && l.key&key.Pairs != 0:
		return asPair
	case l.object && l.key&key.Headers != 0:
		return asHeader
	case !l.object && l.key&key.Pairs != 0:
		return asEntry
	case !l.object && l.key&key.Words != 0:
		return asWord
	case k&(key.Words|key.Text|key.Pairs) != 0, !l.object && l.key&key.Text != 0:
		return asText
	case l.object && k&key.Called != 0 && p.in.Texts:
		return asNameText
	case l.object && k&key.Called != 0:
		return asName
	case l.name != nil && k&key.Data != 0:
		return asNamed
	case p.couple():
		return asCouple
	case p.in.Quotes != nil && k&key.Quoted != 0:
		return asQuotedBody
	case p.in.Quotes != nil && k&key.Target != 0:
		return asQuotedTarget
	case p.in.Texts:
		return asText
	}
	return noLook
}
