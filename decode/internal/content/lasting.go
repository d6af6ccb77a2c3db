package content

import (
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// IsText reports whether c passes on text, which goes on behind bytes that were not
// captured. What has waited for more to decide that decides.
func IsText(out Out, c Content) bool {
	if s, ok := c.(*sniffer); ok {
		c = s.become(out, s.decide(s.Bytes(), true), window.Place{}, nil)
	}
	p, ok := c.(*pieces)
	return ok && p.kind == wire.KindText
}
