package body

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Body is where its content puts what it finds.
var _ content.Out = (*Body)(nil)

// Send tells u as a message. What was in a coding has the place of the body.
func (b *Body) Send(u content.Unit) {
	b.tell(&u)
	if u.Kind == wire.KindJSON {
		b.tellTrace(&u)
	}
}

// Anomaly reports what is wrong with the bytes at off.
func (b *Body) Anomaly(off int64, code, detail string) {
	b.exchange.env.Anomaly(b.w, b.dir, b.exchange.Number, b.place(off), anomaly.Fault{Code: code, Detail: detail})
}

// Become puts c in the place of the content.
func (b *Body) Become(c content.Content) { b.content = c }

// Found notes what a body was found to be, or a stream: in a new Upgrade, since
// the one that was told is not ours any more.
func (b *Body) Found(kind wire.Kind, reason string) {
	switch x := b.exchange; {
	case b.event != nil:
		if b.event.Content = kind; kind == wire.KindGRPC {
			b.event.Data, b.event.Truncated = nil, true // see keep
		}
	case x.Upgrade != nil && (x.Upgrade.Content != kind || x.Upgrade.Reason != reason):
		u := *x.Upgrade
		u.Content, u.Reason = kind, reason
		x.Upgrade = &u
	}
}

// Carried notes what files the body has carried, and what for.
func (b *Body) Carried(f *wire.Files) {
	if b.event != nil {
		if x := b.exchange; x.shape(b.dir) == dockerapi.Tar {
			f.Role = x.Call.Carries()
		}
		b.event.Files = f
	}
}

// Kept returns the beginning of the body.
func (b *Body) Kept() []byte {
	if b.event == nil {
		return nil
	}
	return b.event.Data
}

// Document learns from a JSON value.
func (b *Body) Document(doc []byte) { b.exchange.learn(b.dir, doc) }
