package http1

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
)

// trailerSection takes the trailer section and the empty line that ends the body
// (RFC 9112, section 7.1.2). Where the empty line is missing, the start line of the
// next message ends it: no field looks like one.
func (d *Decoder) trailerSection(s *side) bool {
	b := s.w.Bytes()
	n := trailerSize(s)
	end := d.nextStart(s, b, n)
	switch {
	case end >= 0:
		d.endTrailer(s, b[:end], "the next message begins where it should stand")
	case n > 0:
		d.endTrailer(s, b[:n], "")
	case len(b) > d.limit.Head:
		d.badFraming(s, anomaly.HeadTooLarge, "the trailer section")
	case s.w.Ended() && !d.env.Stopped && len(bytes.Trim(b, "\r")) == 0:
		d.endTrailer(s, b, "the connection ended where it should stand")
	default:
		return d.cutShort(s, "the body ended within its trailer section")
	}
	return true
}

// trailerSize returns the size of the trailer section at the beginning of the
// window, with its empty line; 0 if that has not come.
func trailerSize(s *side) int {
	switch b := s.w.Bytes(); {
	case len(b) > 0 && b[0] == '\n':
		return 1
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		return 2
	}
	return s.w.Head()
}

// nextStart returns where in the first n bytes of b, the trailer section, another
// message begins, or -1. If the section is not whole, only its first line can tell.
func (d *Decoder) nextStart(s *side, b []byte, n int) int {
	whole := n > 0
	if !whole {
		n = len(b)
	}
	for at := 0; at < n; {
		if mayPlainStart(s.dir, b[at:min(at+maxMethod, n)]) && (finder{s.dir, true}).lineStart(b[at:]) == content.Yes {
			return at
		}
		end := bytes.IndexByte(b[at:n], '\n')
		if end < 0 || !whole {
			break
		}
		at += end + 1
	}
	return -1
}

// endTrailer takes the trailer section b, which ends the body. missing says why it
// has no empty line at its end; it is empty if there is one.
func (d *Decoder) endTrailer(s *side, b []byte, missing string) {
	n := len(b)
	if lines := string(b); strings.Trim(lines, "\r\n") != "" {
		d.trailerFields(s, lines)
	} else {
		d.bareLF(s, lines == "\n", "at the end of a body")
	}
	if missing != "" {
		d.fault(s, s.exchange, s.w.Off()+int64(n), anomaly.Fault{Code: anomaly.BadChunkEnd, Detail: "no empty line: " + missing})
	}
	if n > 0 {
		s.body().Frame(n)
	}
	d.messageDone(s)
}
