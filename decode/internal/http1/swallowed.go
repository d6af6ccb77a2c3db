package http1

import "github.com/socktrace/socktrace/wire"

// swallowed notes, where the body of s, or what comes behind it, shows that its length
// is wrong, that it may have other messages in it.
func (d *Decoder) swallowed(s *side) {
	heads, passed := s.inside.heads, s.inside.passed
	s.inside = inside{}
	switch p := &d.pairs; {
	case heads == 0 && passed < shortest:
	case s.dir == wire.ToClient:
		p.unread.pieces++
		p.unread.lines++
	default:
		p.hidden += min(heads, maxOpen)
		p.unseen += passed
	}
}
