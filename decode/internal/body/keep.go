package body

import (
	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/wire"
)

// Leave gives back what the body holds, and returns what the next can use of it, as soon
// as its event was passed on and nobody looks at it any more.
func (b *Body) Leave() Spare {
	e := b.exchange.env
	e.Account.Give(b.kept)
	b.kept = 0
	if !e.Lends() {
		return Spare{}
	}
	s := b.spare
	switch data := b.storage.Data; {
	case e.LendsNow():
		s.data = e.Account.Reuse(data)
	case cap(data) <= budget.MaxOwn:
		s.data = data[:0]
	}
	return s
}

// Use lets the body use s.
func (b *Body) Use(s Spare) { b.spare = s }

// measure counts bytes of a body without its codings, and keeps what is asked
// for.
func (b *Body) measure(p []byte) {
	b.event.Bytes += int64(len(p))
	b.keep(p)
	if b.digest != nil {
		b.digest.Write(p)
	}
}

// keep appends what fits the bounds of p to the kept beginning of the body. Of
// gRPC nothing is kept: each message is told as what it means.
func (b *Body) keep(p []byte) {
	w, e := b.event, b.exchange.env
	if w.Truncated || b.hidden || w.Content == wire.KindGRPC || !e.Needs.Messages && e.Needs.Body == 0 {
		w.Truncated = true
		return
	}
	have := len(w.Data)
	n := min(len(p), Preview-have)
	if room := e.Needs.Body - int64(have); room > int64(max(n, 0)) {
		want := int(min(room, int64(len(p))))
		if got := e.Account.Take(want); got > 0 {
			b.kept += got
			n = got
		}
	}
	n = max(n, 0)
	if w.Data == nil && n > 0 {
		w.Data, b.spare.data = b.spare.data, nil
	}
	w.Data = append(e.Account.Grow(w.Data, n, int(max(e.Needs.Body, Preview)), e.Lends()), p[:n]...)
	w.Truncated = n < len(p)
}
