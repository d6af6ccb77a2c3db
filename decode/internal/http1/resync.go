package http1

import "github.com/socktrace/socktrace/decode/internal/content"

// search passes bytes on as raw until something looks like the start of a message.
// What still may become one is held back until it is told.
func (d *Decoder) search(s *side) bool {
	if s.w.Len() == 0 {
		return d.ended(s)
	}
	at, looks := finder{s.dir, s.w.Ended()}.find(s.w.Bytes(), !s.midLine)
	switch {
	case at > 0:
		d.raw(s, at)
	case looks == content.Yes:
		s.on(startFound)
	default:
		return false
	}
	return true
}

// pass passes everything on as raw: the connection does not speak HTTP/1 any
// more.
func (d *Decoder) pass(s *side) bool {
	if s.w.Len() == 0 {
		return d.ended(s)
	}
	d.raw(s, s.w.Len())
	return true
}
