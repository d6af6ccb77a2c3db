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
	over, span := s.w.Ended() || s.hurried, min(runSpan, d.limit.Head)
	if s.fresh {
		if h, is := d.goesOn(s.w.Bytes()); is {
			return s.recognise(h.size(), content.Yes)
		}
		end, looks := runAt(s.w.Bytes(), over, span, freshLength)
		return s.recognise(end, looks)
	}
	from := 0
	if s.refused {
		from = 1
	}
	at, end, looks := findRun(s.w.Bytes()[from:], over, span)
	if at += from; at == 0 {
		return s.recognise(end, looks)
	}
	s.refused = false
	d.passRaw(s, at)
	return true
}

// goesOn reports whether b begins with the header of a frame of a stream that is open.
func (d *Decoder) goesOn(b []byte) (h header, is bool) {
	if len(b) < headerSize {
		return h, false
	}
	h = parseHeader(b)
	return h, h.plausible(b[5]&0x80 != 0) && h.stream != 0 && d.open.get(h.stream) != nil
}

// recognise goes on with what the bytes of s up to end look like. It reports whether that
// is known.
func (s *side) recognise(end int, looks content.Looks) bool {
	switch looks {
	case content.Yes:
		s.state, s.until = frames, s.w.Off()+int64(end)
	case content.No:
		s.fresh = false // before they pass as raw, what has waited for them goes on
	}
	return looks != content.TooFew
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
