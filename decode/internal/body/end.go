package body

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
)

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

// Cut says that nothing more comes although the body, or stream, has not ended: End, or
// EndStream, tells it.
func (b *Body) Cut() { b.cut = true }

// Enough says that the other side wants no more of the body, before its End, which tells
// it as whole.
func (b *Body) Enough() { b.enough = true }

// how says why nothing more comes.
func (b *Body) how() content.End {
	switch e := b.exchange.env; {
	case e.Stopped:
		return content.Stopped
	case e.Ending:
		return content.Broken
	case b.cut, b.w != nil && b.w.Ended():
		return content.Cut
	case b.enough:
		return content.Enough
	}
	return content.Ended
}

// closeContent ends what the body or stream is decoded to.
func (b *Body) closeContent(how content.End) {
	if c := b.content; c != nil {
		c.Close(b, how)
		b.content = nil
	}
	if t := b.exchange.tunnel; t != nil {
		t.Ended(b.dir)
	}
	b.exchange.env.reuse(b.json)
	b.json = nil
}
