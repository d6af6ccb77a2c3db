package body

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// distrust forgets a type that may be that of what is in a coding which cannot be
// removed: it is one fault, not two.
func (b *Body) distrust() {
	if b.typ.IsJSON() {
		b.typ = media.Type{Charset: b.typ.Charset}
	}
}

// isTextual reports whether the type promises text of some kind.
func (b *Body) isTextual() bool {
	t := b.typ
	return t.IsJSON() || t.IsText() || t.IsForm() || t.Media == "text/plain"
}

// hidesMore reports whether what comes out is in one more coding, although it should
// be text.
func (b *Body) hidesMore() bool {
	name, _ := coding.Unlabelled(b.trial.plain.Bytes())
	known, _ := coding.Known(name + ", " + b.trial.list)
	return name != "" && known && b.isTextual()
}

// hold takes memory for n more bytes that are held back. It reports false if there
// is none.
func (b *Body) hold(n int) bool {
	got := b.exchange.env.Account.Take(n)
	b.trial.taken += got
	return got == n
}

// decided ends the trial.
func (b *Body) decided() *trial {
	t := b.trial
	b.trial = nil
	b.exchange.env.Account.Give(t.taken)
	return t
}

// accept ends the trial: the body has its codings.
func (b *Body) accept() {
	t := b.decided()
	b.event.Coding = strings.Trim(t.list, ", ")
	if t.hides {
		b.Anomaly(b.event.Off, anomaly.BadCoding, "the body is in "+b.event.Coding+", which its head does not say")
	}
	now := b.now
	t.plain.Release(func(at window.Place, p []byte) bool {
		b.now = at.Time
		b.Decoded(p)
		return true
	})
	b.now = now
}

// refuse ends the trial: the body is taken as it was sent. It says why, if that is
// not told elsewhere.
func (b *Body) refuse(why string) {
	t := b.decided()
	if b.chain != nil {
		b.chain.Stop()
		b.chain = nil
	}
	b.coded = false
	if !t.hides {
		if why != "" {
			b.Anomaly(b.event.Off, anomaly.BadCoding, t.list+": "+strings.TrimPrefix(why, t.list+": "))
		}
		if b.distrust(); b.event.Content == wire.KindJSON {
			b.event.Content = wire.KindBinary
			b.look(b.typ)
		}
	}
	t.sent.Release(func(at window.Place, p []byte) bool {
		b.measure(p)
		if b.content != nil {
			b.content.Write(b, at, p)
		}
		return true
	})
}

// Decoded takes bytes of the body without its codings.
func (b *Body) Decoded(p []byte) {
	if t := b.trial; t != nil {
		switch {
		case len(t.plain.Bytes()) < maxPlain && b.hold(len(p)):
			t.plain.Add(window.Place{Time: b.now}, p)
			return
		case b.hidesMore():
			return // it will be decoded again
		}
		b.accept()
	}
	at := window.Place{Off: b.event.Bytes, Time: b.now}
	b.measure(p)
	if b.content != nil {
		b.content.Write(b, at, p)
	}
}

// Behind tells that what follows is not in a coding any more. Behind JSON something
// else begins: it is one fault, not two.
func (b *Body) Behind(f anomaly.Fault) {
	if b.trial != nil {
		if b.hidesMore() {
			return // it will be decoded again
		}
		b.accept()
	}
	b.Anomaly(b.event.Off, f.Code, f.Detail)
	if c := b.content; c != nil && b.event.Content == wire.KindJSON { // anything else goes on
		c.Close(b, content.Ended)
		b.content = content.NewApart(b.limits(false))
	}
}
