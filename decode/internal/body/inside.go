package body

import (
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// decode makes a content, unless nobody wants to know what is inside.
func (b *Body) decode(make func() content.Content) {
	if b.exchange.env.looksInside() {
		b.content = make()
	}
}

// limits bound what a content keeps: nothing if only sizes are asked for.
func (b *Body) limits(kept bool) content.Limits {
	e := b.exchange.env
	l := content.Limits{Account: e.Account, Summed: !e.Needs.Messages && !e.Needs.Sizes}
	if kept || b.tells || e.Needs.Messages {
		l.Message = e.MaxValue
	}
	return l
}

func (b *Body) newJSON() *content.JSON {
	if b.json == nil {
		b.json = b.exchange.env.json(b.limits(b.exchange.teaches(b.dir)))
	}
	return b.json
}

// look has the content chosen by how the body begins.
func (b *Body) look(t media.Type) {
	if t.IsText() && !b.exchange.env.looksInside() {
		b.event.Content = wire.KindText // nobody wants to know better
	}
	b.decode(func() content.Content { return content.NewBody(t, b.limits(b.exchange.teaches(b.dir)), b.newJSON) })
}
