package http2

import "github.com/socktrace/socktrace/decode/internal/anomaly"

// longHead leaves out a frame whose part of a head is too long, but for what decides of
// its beginning.
func (d *Decoder) longHead(s *side, h header) bool {
	least := min(headerSize+maxBeginning, d.limit.Held)
	if h.typ == headers && s.w.Len() < least && !s.w.Ended() && !s.hurried {
		return false
	}
	begins := s.block.begins
	known := s.block.open && s.block.dropped // that it is too long
	if !known {
		d.wrong(s, d.open.get(h.stream), s.w.Off(), anomaly.HeadTooLarge, h.String())
	}
	switch b := s.w.Bytes(); {
	case known:
	case s.block.open:
		begins = beginning(s.table, s.block.data)
	case h.typ == headers:
		part, _ := h.fragment(b[headerSize:min(len(b), least)], new(block))
		begins = beginning(s.table, part)
	}
	d.skip(s, h)
	s.block.begins = begins
	return true
}
