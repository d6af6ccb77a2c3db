package http1

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
)

// chunkSizeLine reads the line before a chunk: its size in hexadecimal, and
// extensions that mean nothing to us (RFC 9112, section 7.1).
func (d *Decoder) chunkSizeLine(s *side) bool {
	n := s.w.Line()
	if n == 0 {
		if s.w.Len() > maxLine {
			d.badFraming(s, anomaly.BadChunkSize, "the line is too long")
			return true
		}
		return d.cutShort(s, "the body ended before its last chunk")
	}
	line, _, bare := nextLine(string(s.w.Bytes()[:min(n, maxLine)]))
	size, _, _ := strings.Cut(line, ";")
	length, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 63)
	if err != nil {
		d.badFraming(s, anomaly.BadChunkSize, strconv.Quote(clip(line)))
		return true
	}
	d.bareLF(s, bare && n <= maxLine, "behind a chunk size")
	s.body().Frame(n)
	s.left = int64(length)
	if length == 0 {
		s.on(chunkIsLast)
	} else {
		s.on(chunkBegins)
	}
	return true
}

// chunkContent takes the content of a chunk.
func (d *Decoder) chunkContent(s *side) bool {
	n := int(min(s.left, int64(s.w.Len())))
	switch {
	case s.left == 0:
		s.on(chunkComplete)
		return true
	case n == 0:
		return s.w.Ended() && d.cutShort(s, anomaly.Missing(s.left, "a chunk"))
	}
	s.left -= int64(n)
	s.body().Feed(n)
	return true
}

// lineBehindChunk takes the line end behind a chunk.
func (d *Decoder) lineBehindChunk(s *side) bool {
	b := s.w.Bytes()
	switch {
	case len(b) > 0 && b[0] == '\n':
		d.bareLF(s, true, "behind a chunk")
		s.body().Frame(1)
	case len(b) > 0 && b[0] != '\r':
		d.badFraming(s, anomaly.BadChunkEnd, strconv.Quote(string(b[:1])))
		return true
	case len(b) > 1 && b[1] != '\n':
		d.badFraming(s, anomaly.BadChunkEnd, strconv.Quote(string(b[:2])))
		return true
	case len(b) < 2:
		return d.cutShort(s, "the body ended before its last chunk")
	default:
		s.body().Frame(2)
	}
	s.on(chunkEnds)
	return true
}

// bareLF reports that a line of a transfer coding ends in LF, if it does.
func (d *Decoder) bareLF(s *side, bare bool, where string) {
	if bare {
		d.wrong(s, s.exchange, anomaly.BareLF, where)
	}
}

// trailerFields reads a trailer section, if there is memory for it.
func (d *Decoder) trailerFields(s *side, lines string) {
	x := s.exchange
	if room := headRoom("", lines); d.env.Account.Charge(room) {
		x.charged += room
	} else {
		d.tellSpent(s, x, len(lines), "a trailer section")
		return
	}
	fields, faults := parseFields(lines, 0, nil, nil)
	if d.env.Needs.Fields {
		s.body().Trailer(fields)
	}
	d.faults(s, x, faults)
}

// badFraming reports that the end of the body of s cannot be found any more.
func (d *Decoder) badFraming(s *side, code, detail string) {
	d.wrong(s, s.exchange, code, detail)
	d.breakOff(s)
}
