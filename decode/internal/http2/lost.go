package http2

import "github.com/socktrace/socktrace/decode/internal/content"

// breakOff gives the frame at the beginning of s up, and searches for others.
func (d *Decoder) breakOff(s *side, h header, f fault) {
	d.fault(s, h, f)
	d.drop(&s.block)
	s.miss()
	s.refused, s.fresh = true, false
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
	if s.fresh && looks == content.TooFew && at == 0 && AreWhole(s.w.Bytes()) {
		looks = content.Yes
	}
	switch at += from; {
	case at > 0 && s.fresh:
		s.fresh = false // before they pass, what has waited for them goes on
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
