package http1

import (
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Spent lets go of what a side holds, since there is no memory for it.
func (d *Decoder) Spent(dir wire.Dir) {
	s := &d.sides[dir]
	switch n := s.w.Len(); s.state {
	case chunkSize:
		d.badFraming(s, anomaly.Spent, fmt.Sprintf("%d bytes of the line before a chunk", n))
	case resync: // they are raw in any case
		s.midLine = true
	case start:
		d.wrong(s, nil, anomaly.Spent, fmt.Sprintf("%d bytes of a head", n))
		d.giveUp(s, n)
	case trailer:
		d.badFraming(s, anomaly.Spent, fmt.Sprintf("%d bytes of a trailer section", n))
	case held:
		d.wrong(s, s.waits, anomaly.Spent, fmt.Sprintf("%d bytes behind an upgrade that is not answered", n))
		d.giveUp(s, n)
	}
}
