package http2

import (
	"strconv"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// tooMany gives up a stream for which there is no room among those that are open.
func (d *Decoder) tooMany(s *side, h *head, code string) {
	if !d.missed {
		d.wrong(s, nil, h.at.Off, code, strconv.Itoa(d.open.n))
	}
	d.missed = true
	if d.leftOut++; d.leftOut == 1 {
		d.leftWhy = code
	}
}

// tellLeftOut tells, in the end, how many streams were given up.
func (d *Decoder) tellLeftOut() {
	if d.leftOut > 0 {
		s := &d.sides[wire.ToServer]
		d.wrong(s, nil, s.w.Off(), d.leftWhy, plural.Of(int64(d.leftOut), "stream")+" "+plural.Verb(int64(d.leftOut), "was", "were")+" left out")
	}
}
