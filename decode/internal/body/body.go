package body

import (
	"encoding/hex"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Feed moves n bytes of content from the window to the body.
func (b *Body) Feed(n int) {
	if b.event != nil {
		if b.chain == nil {
			b.measure(b.w.Bytes()[:n])
		}
		b.onWire(n)
	}
	for n > 0 {
		at, p := b.w.TakeTogether(n)
		switch {
		case b.chain != nil:
			b.now = at.Time
			b.failed(b.chain.Write(p))
		case b.content != nil:
			b.content.Write(b, at, p)
		}
		n -= len(p)
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

// decoded takes bytes of the body without its codings.
func (b *Body) decoded(p []byte) {
	at := window.Place{Off: b.event.Bytes, Time: b.now}
	b.measure(p)
	if b.content != nil {
		b.content.Write(b, at, p)
	}
}

// failed gives up what is inside of codings that are broken.
func (b *Body) failed(f anomaly.Fault) {
	if f.Code != "" {
		b.Anomaly(b.event.Off, f.Code, f.Detail)
		b.giveUp()
	}
}

// giveUp ends the content of a coded body before the body does.
func (b *Body) giveUp() {
	b.chain.Stop()
	b.event.Truncated = true
	b.digest = nil
	b.closeContent(content.Cut)
}

// End completes the body, if there is one, and what is inside, and tells it.
func (b *Body) End(complete bool) {
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
	if b.digest != nil && w.Complete && w.Content == wire.KindBinary && w.Bytes > 0 {
		w.Digest = "sha256:" + hex.EncodeToString(b.digest.Sum(nil))
	}
	b.exchange.env.Tell(w)
}

// EndStream ends a direction of what followed an upgrade.
func (b *Body) EndStream() { b.closeContent(b.how()) }

// how says why nothing more comes.
func (b *Body) how() content.End {
	switch e := b.exchange.env; {
	case e.Stopped:
		return content.Stopped
	case e.Ending:
		return content.Broken
	case b.w != nil && b.w.Ended():
		return content.Cut
	}
	return content.Ended
}

// closeContent ends what the body or stream is decoded to.
func (b *Body) closeContent(how content.End) {
	if c := b.content; c != nil {
		c.Close(b, how)
		b.content = nil
	}
	b.exchange.env.reuse(b.json)
	b.json = nil
}

// Gap says that n bytes of the body were not captured, or, if n is negative, an
// unknown number: what is inside cannot be followed behind them. A stream goes on.
func (b *Body) Gap(n int64) {
	switch {
	case b.event == nil && b.content != nil:
		content.PassGap(b, b.content, window.Place{Off: b.w.Off(), Time: b.w.Last()}, n)
	case b.event == nil:
	default:
		if b.chain != nil {
			b.giveUp()
		}
		b.closeContent(b.how())
		b.lost = true
	}
}
