package http1

import "bytes"

// search passes bytes on as raw until a line looks like the start of a message.
// A line whose beginning still may become one is held back until it is told.
func (d *Decoder) search(s *side) bool {
	if s.w.Len() == 0 {
		return d.ended(s)
	}
	if n := s.rawLines(); n > 0 {
		d.raw(s, n)
		return true
	}
	b := s.w.Bytes()
	if bytes.IndexByte(b, '\n') >= 0 {
		s.on(startFound)
		return true
	}
	if len(b) < maxLine && !s.w.Ended() && mayPlainStart(s.dir, b) {
		return false
	}
	s.midLine = true
	return true
}

// rawLines returns how many bytes of the window come before a line that is, or
// may become, a start line.
func (s *side) rawLines() int {
	b, n := s.w.Bytes(), 0
	for n < len(b) {
		rest := b[n:]
		end := bytes.IndexByte(rest, '\n') + 1
		if !s.midLine {
			if end == 0 {
				break
			}
			if line, _, _ := nextLine(string(rest[:min(end, maxLine)])); end <= maxLine && isPlainStart(s.dir, line) {
				break
			}
		}
		if end == 0 {
			return len(b)
		}
		s.midLine = false
		n += end
	}
	return n
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
