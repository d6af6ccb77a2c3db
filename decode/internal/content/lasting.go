package content

import (
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Survives reports whether c goes on behind bytes that were not captured, although it is
// of a body: text does, and so does a connection inside. What has waited for more to
// decide that decides.
func Survives(out Out, c Content) bool {
	switch s := c.(type) {
	case *sniffer:
		c = s.become(out, s.decide(s.Bytes(), true), window.Place{}, nil)
	case *tunnelSide:
		if s.tunnel.tap == nil {
			s.refuse(out)
		}
		return s.tunnel.tap != nil
	}
	p, ok := c.(*pieces)
	return ok && p.kind == wire.KindText
}
