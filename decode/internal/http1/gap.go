package http1

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Lost notes, at time t, that n bytes of a direction were not captured, or, if n
// is negative, an unknown number. A body of known length survives it, and so does
// what follows an upgrade. A head is told as far as it goes; all else is raw until
// the next start line.
func (d *Decoder) Lost(dir wire.Dir, t time.Time, n int64) {
	s := &d.sides[dir]
	s.w.Note(t)
	d.tornHead(s)
	x, begun := s.exchange, d.begunBefore(s, n)
	d.tellLost(s, t, n)
	switch {
	case s.state == stream:
		if x != nil {
			x.state = wire.StatePartial
			s.body().Gap(n)
		}
		s.w.Skip(max(n, 0))
		return
	case n > 0 && x != nil && s.w.Len() == 0 && n <= s.left:
		x.state = wire.StatePartial
		s.body().Gap(n)
		s.left -= n
		s.w.Skip(n)
		return
	}
	if x != nil {
		x.state = wire.StatePartial
		s.body().Break()
	}
	if s.w.Len() > 0 {
		d.giveUp(s, s.w.Len())
	} else {
		d.breakOff(s)
	}
	// Nobody knows where in a line it goes on. But what looks like a start line
	// is one: messages begin packets, and so they often stand behind a gap.
	s.midLine = false
	d.missed(s, n, begun)
	s.w.Skip(max(n, 0))
}

// begunBefore returns how many bytes a message may have, of which the next n are lost,
// before them; if n is after the end of another, less than nothing.
func (d *Decoder) begunBefore(s *side, n int64) int64 {
	line, _ := firstLine(s.w.Bytes())
	switch {
	case s.state == start && s.exchange == nil && (len(line) == 0 || mayBegin(s.dir, line)):
		return int64(s.w.Len())
	case s.state == sized:
		return -s.left
	case d.pairs.pipelined:
		return 0
	}
	return -max(n, 0) // the client waits for the answer to what it is in
}

func (d *Decoder) tellLost(s *side, t time.Time, n int64) {
	m := wire.Meta{Conn: d.env.Conn, Exchange: s.exchange.number(), Dir: s.dir, Off: s.w.Next(), Start: t, End: t}
	d.env.Tell(&wire.Anomaly{Meta: m, Code: anomaly.Lost, Lost: max(n, -1)})
}

// tornHead tells what there is of a head of which the rest was not captured: the
// side is in its message then, and that has no more of it.
func (d *Decoder) tornHead(s *side) {
	if s.w.Len() == 0 {
		return
	}
	line, _, _ := nextLine(tornLines(s.dir, s.w.Bytes()))
	if s.state == resync && !s.midLine && line != "" && mayPlainStart(s.dir, []byte(line)) {
		s.on(startFound)
	}
	if s.state != start {
		return
	}
	s.torn = true
	d.message(s)
	s.torn = false
}
