package body

import (
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// tell tells u as a message.
func (b *Body) tell(u *content.Unit) {
	x := b.exchange
	m := wire.Message{
		Meta: wire.Meta{Conn: x.env.Conn, Exchange: x.Number, Dir: b.dir, Off: b.place(u.From.Off), Start: u.From.Time, End: u.To.Time},
		Kind: u.Kind, Opcode: u.Opcode, Name: u.Name, Type: u.Type, Index: b.sent, Data: u.Data, Size: u.Size, Missing: u.Missing, Truncated: u.Cut,
	}
	switch {
	case u.Again:
		m.Index--
	case !u.More:
		b.sent++
	}
	x.env.send(m, x.env.Needs.Messages && !b.hidden, b.tells && b.readable(u))
}

// readable reports whether u may tell something: an array does only where it is the
// list that was asked for, and of a call only what is shown.
func (b *Body) readable(u *content.Unit) bool {
	if u.Kind == wire.KindGRPC {
		return len(u.Data) > 0
	}
	return u.Kind != wire.KindJSON || len(u.Data) == 0 || u.Data[0] != '[' || b.exchange.Call.Op.Lists()
}

// place returns the offset of what the content says is at off.
func (b *Body) place(off int64) int64 {
	if b.coded {
		return b.event.Off
	}
	return off
}
