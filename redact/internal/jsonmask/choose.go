package jsonmask

import (
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// choose returns how to look at the string that comes; nil if nothing is known
// of it.
func choose(p *place) look {
	n := len(p.levels)
	l := p.top()
	switch k := p.key; {
	case l.secret, p.isData(), l.object && l.key&key.Valued != 0 && k&key.Data != 0:
		return hiddenString
	case l.key&key.Names != 0, n > 1 && p.levels[n-2].key&key.Names != 0 && !l.object:
		return nil
	case k&key.Secret != 0, !l.object && l.key&key.Secret != 0,
		l.object && l.key&key.Members != 0 && !words.Names(p.called):
		return secretString
	case p.in.Login && k&key.Shown == 0:
		return hiddenString
	case l.object && n > 1 && !p.levels[n-2].object && p.levels[n-2].key&key.Pairs != 0:
		return itemString
	case l.object && l.key&key.Pairs != 0:
		return pairString
	case l.object && l.key&key.Headers != 0:
		return headerString
	case !l.object && l.key&key.Pairs != 0:
		return entryString
	case !l.object && l.key&key.Words != 0:
		return wordString
	case k&(key.Words|key.Text|key.Pairs) != 0, !l.object && l.key&key.Text != 0:
		return textString
	case l.object && k&key.Called != 0 && p.in.Texts:
		return nameText
	case l.object && k&key.Called != 0:
		return nameString
	case l.name != nil && k&key.Data != 0:
		return namedString
	case p.couple():
		return coupleString
	case p.in.Quotes != nil && k&key.Quoted != 0:
		return quotedBody
	case p.in.Quotes != nil && k&key.Target != 0:
		return quotedTarget
	case p.in.Texts:
		return textString
	}
	return nil
}
