package body

import "github.com/socktrace/socktrace/decode/internal/content"

// decode makes a content, unless nobody wants to know what is inside.
func (b *Body) decode(make func() content.Content) {
	if b.exchange.env.looksInside() {
		b.content = make()
	}
}

// limits bound what a content keeps: nothing if only sizes are asked for.
func (b *Body) limits(kept bool) content.Limits {
	e := b.exchange.env
	l := content.Limits{Account: e.Account}
	if kept || e.Needs.Messages {
		l.Message = e.MaxValue
	}
	return l
}

func (b *Body) newJSON() content.Content {
	b.json = b.exchange.env.json(b.limits(b.exchange.teaches(b.dir)))
	return b.json
}
