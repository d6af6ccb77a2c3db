package http2

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Lost notes, at time t, that n bytes of a direction were not captured, or, if n is
// negative, an unknown number. Where they lie within a frame, that is all: if it has a
// head, what decompresses others is lost too. Elsewhere all is raw until the next frames.
func (d *Decoder) Lost(dir wire.Dir, t time.Time, n int64) {
	s := &d.sides[dir]
	s.w.Note(t)
	for s.hurried = true; d.Step(dir); {
	}
	s.hurried = false
	m := wire.Meta{Conn: d.env.Conn, Exchange: s.x.number(), Dir: dir, Off: s.w.Next(), Start: t, End: t}
	d.env.Tell(&wire.Anomaly{Meta: m, Code: anomaly.Lost, Lost: max(n, -1)})
	if n > 0 && s.state == frames && s.w.Len() >= headerSize {
		h := parseHeader(s.w.Bytes())
		if h.typ == settings {
			d.other(s).most = largestFrame
		}
		d.missed = d.missed || h.carriesHead() // it may open a stream
		d.skip(s, h)
		s.block.torn = s.block.open
	}
	if n > 0 && s.state == payload && s.w.Len() == 0 && n <= int64(s.left+s.pad) {
		d.lostWithin(s, int(n))
	} else {
		if s.w.Len() > 0 {
			d.passRaw(s, s.w.Len())
		}
		d.drop(&s.block)
		s.miss()
		d.other(s).most = largestFrame // settings may be lost that allow it
	}
	s.w.Skip(max(n, 0))
}

// lostWithin notes that the next n bytes of a payload were not captured.
func (d *Decoder) lostWithin(s *side, n int) {
	of := min(n, s.left)
	s.left -= of
	s.pad -= n - of
	if s.x != nil && of > 0 {
		s.x.state = wire.StatePartial
		s.x.Sides[s.dir].Gap(int64(of))
	}
}
