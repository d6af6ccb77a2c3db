package content

import (
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// PassGap tells c of a gap, or ends it there: the rest is raw then.
func PassGap(out Out, c Content, at window.Place, n int64) {
	if g, ok := c.(Gapper); ok {
		g.Gap(out, at, n)
		return
	}
	c.Close(out, Cut)
	out.Become(NewRaw())
}

// IsText reports whether c passes on text, which goes on behind bytes that were not
// captured. What has waited for more to decide that decides.
func IsText(out Out, c Content) bool {
	if s, ok := c.(*sniffer); ok {
		c = s.become(out, s.decide(s.Bytes(), true), window.Place{}, nil)
	}
	p, ok := c.(*pieces)
	return ok && p.kind == wire.KindText
}
