package http2

import (
	"fmt"
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// breakOff gives the frame at the beginning of s up, and searches for others.
func (d *Decoder) breakOff(s *side, h header, f fault) {
	d.fault(s, h, f)
	d.drop(&s.block)
	s.miss()
	s.refused = true
}

// search passes bytes on as raw until frames are recognised. What still may become one is
// held back until that is known.
func (d *Decoder) search(s *side) bool {
	if s.w.Len() == 0 {
		return s.w.Ended() && d.ends(s)
	}
	from := 0
	if s.refused {
		from = 1
	}
	at, looks := findRun(s.w.Bytes()[from:], s.w.Ended(), min(runSpan, d.limit.Head))
	switch at += from; {
	case at > 0:
		s.refused = false
		d.passRaw(s, at)
	case looks == content.Yes:
		s.state = frames
	default:
		return false
	}
	return true
}

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
		d.skip(s, parseHeader(s.w.Bytes()))
	}
	if n > 0 && s.state == payload && s.w.Len() == 0 && n <= int64(s.left+s.pad) {
		d.lostWithin(s, int(n))
	} else {
		if s.w.Len() > 0 {
			d.passRaw(s, s.w.Len())
		}
		d.drop(&s.block)
		s.miss()
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

// skip goes on within the frame at the beginning of s without holding it: what has come
// of it is left out, and so is the rest.
func (d *Decoder) skip(s *side, h header) {
	n := min(s.w.Len(), h.size())
	switch {
	case h.carriesHead() && (h.typ != continuation || s.block.open):
		s.startBlock(h)
		d.drop(&s.block)
	case h.typ == continuation:
		s.table.Lose()
	}
	s.enter(h, nil, h.size()-n, 0)
	s.w.Take(n)
}

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
