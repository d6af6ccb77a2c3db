package body

import (
	"encoding/hex"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Feed moves n bytes of content from the window to the body.
func (b *Body) Feed(n int) {
	if b.event != nil {
		if b.event.Bytes == 0 && b.mayHide(b.w.Bytes()[0]) {
			b.try("")
		}
		b.onWire(n)
	}
	for n > 0 {
		at, p := b.w.TakeTogether(n)
		b.take(at, p)
		n -= len(p)
	}
}

// take takes bytes of the body, which were seen together.
func (b *Body) take(at window.Place, p []byte) {
	switch {
	case b.trial != nil:
		b.tryOn(at, p)
	case b.chain != nil:
		b.now = at.Time
		b.failed(b.chain.Write(p))
	default:
		if b.event != nil {
			b.measure(p)
		}
		if b.content != nil {
			b.content.Write(b, at, p)
		}
	}
}

// Frame moves n bytes of transfer coding: they belong to the body as it was
// sent, not to its content.
func (b *Body) Frame(n int) {
	b.onWire(n)
	b.w.Take(n)
}

func (b *Body) onWire(n int) {
	off := b.w.Off()
	if b.event.WireBytes == 0 {
		b.event.Start = b.w.TimeAt(off)
	}
	b.event.WireBytes += int64(n)
	b.event.End = b.w.TimeAt(off + int64(n) - 1)
}

// Trailer notes the trailer section.
func (b *Body) Trailer(fields []wire.Field) { b.event.Trailer = fields }

// End completes the body, if there is one, and what is inside, and tells it.
func (b *Body) End(complete bool) {
	if b.trial != nil {
		b.endTrial(complete)
	}
	if b.chain != nil {
		b.now = b.event.End
		b.failed(b.chain.Close(complete))
		b.chain = nil
	}
	b.closeContent(b.how())
	w := b.event
	if w == nil {
		return
	}
	b.event, b.coded = nil, false
	if w.WireBytes == 0 {
		w.Start = b.w.TimeAt(b.w.Off())
		w.End = w.Start
	}
	w.Complete = complete && !b.lost
	if b.digest != nil && w.Complete && (w.Content == wire.KindBinary || w.Content == wire.KindTar) && w.Bytes > 0 {
		w.Digest = "sha256:" + hex.EncodeToString(b.digest.Sum(nil))
	}
	b.exchange.env.Tell(w)
}

// EndStream ends a direction of what followed an upgrade.
func (b *Body) EndStream() { b.closeContent(b.how()) }

// Late says, before the body begins, that its beginning may not have been captured.
func (b *Body) Late() { b.late = true }

// Gap says that n bytes of the body were not captured, or, if n is negative, an
// unknown number: what is inside cannot be followed behind them, but for text and connections. A stream goes on.
func (b *Body) Gap(n int64) {
	switch {
	case b.event == nil && b.content != nil:
		content.PassGap(b, b.content, window.Place{Off: b.w.Off(), Time: b.w.Last()}, n)
	case b.event == nil:
	default:
		b.endCodings()
		if content.Survives(b, b.content) {
			content.PassGap(b, b.content, window.Place{Off: b.w.Off(), Time: b.w.Last()}, n)
		} else {
			b.closeContent(content.Cut) // it is told elsewhere
		}
		b.lost = true
	}
}

// Break ends the content within what was not captured, and with which more than the body
// may end. That is told elsewhere.
func (b *Body) Break() {
	if b.event != nil {
		b.endCodings()
		b.closeContent(content.Cut)
	}
}

// endCodings gives up what removes codings: nothing of them survives a gap.
func (b *Body) endCodings() {
	if b.trial != nil {
		b.endTrial(false)
	}
	if b.chain != nil {
		b.giveUp()
	}
}
