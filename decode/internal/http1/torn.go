package http1

import (
	"bytes"

	"github.com/socktrace/socktrace/wire"
)

// tornHead tells what there is of a head of which the rest was not captured: the
// side is in its message then, and that has no more of it.
func (d *Decoder) tornHead(s *side) {
	if s.w.Len() == 0 {
		return
	}
	line, _, _ := nextLine(tornLines(s.dir, s.w.Bytes()))
	if s.state == resync && !s.midLine && isPlainStart(s.dir, line) {
		s.on(startFound)
	}
	if s.state != start {
		return
	}
	s.torn = true
	d.message(s)
	s.torn = false
}

// tornLines returns the beginning of b that can be understood, of a head that ends
// where b does: with a field whose value may be cut, but not with a name that may,
// nor with a target. It is empty if that is not even a start line.
func tornLines(dir wire.Dir, b []byte) string {
	end := bytes.LastIndexByte(b, '\n') + 1
	if last := b[end:]; end == 0 || bytes.IndexByte(last, ':') > 0 {
		end = len(b)
	}
	line, _, _ := nextLine(string(b[:end]))
	if !isStart(dir, line) {
		return ""
	}
	return string(b[:end])
}
