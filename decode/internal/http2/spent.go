package http2

import (
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Spent lets go of what a side holds, since there is no memory for it.
func (d *Decoder) Spent(dir wire.Dir) {
	s := &d.sides[dir]
	n := s.w.Len()
	switch {
	case s.state == resync || s.state == preface:
		d.passRaw(s, n)
	case n < headerSize:
	case n < parseHeader(s.w.Bytes()).size():
		d.env.Account.Missed(n)
		d.wrong(s, nil, s.w.Off(), anomaly.Spent, fmt.Sprintf("%d bytes of a frame", n))
		d.skip(s, parseHeader(s.w.Bytes()))
	default:
		s.hurried = true
	}
}
