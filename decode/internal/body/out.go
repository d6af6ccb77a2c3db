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
	x := b.exchange
	m := wire.Message{
		Meta: wire.Meta{Conn: x.env.Conn, Exchange: x.Number, Dir: b.dir, Off: b.place(u.From.Off), Start: u.From.Time, End: u.To.Time},
		Kind: u.Kind, Opcode: u.Opcode, Name: u.Name, Index: b.sent, Data: u.Data, Size: u.Size, Missing: u.Missing, Truncated: u.Cut,
	}
	switch {
	case u.Again:
		m.Index--
	case !u.More:
		b.sent++
	}
	x.env.send(m, b.tells && b.readable(&u))
}

// readable reports whether u may tell something: an array does only where it is the
// list that was asked for.
func (b *Body) readable(u *content.Unit) bool {
	return u.Kind != wire.KindJSON || len(u.Data) == 0 || u.Data[0] != '[' || b.exchange.Call.Op.Lists()
}

// place returns the offset of what the content says is at off.
func (b *Body) place(off int64) int64 {
	if b.coded {
		return b.event.Off
	}
	return off
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
		b.event.Content = kind
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
