package content

import "github.com/socktrace/socktrace/decode/internal/window"

// PassGap tells c of a gap, or ends it there: the rest is raw then.
func PassGap(out Out, c Content, at window.Place, n int64) {
	if g, ok := c.(Gapper); ok {
		g.Gap(out, at, n)
		return
	}
	c.Close(out, Cut)
	out.Become(NewRaw())
}
