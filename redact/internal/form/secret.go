package form

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/words"
)

// hit is a secret in a piece. The whole of it, with its prefix, begins at
// start; that is -1 if the hit is only a piece of it.
type hit struct{ from, to, start int }

// secret follows a secret behind its prefix, through the pieces of a stream.
type secret struct {
	form   *form // nil: not in a secret
	size   int   // how much of it has gone by, but for the head
	headed bool  // its head has not ended
	dashes int   // how many the last piece ended with, in a block
	says   words.Meaning
}

// begin makes s ready for the secret that f begins.
func (s *secret) begin(f begun) {
	*s = secret{form: f.form, headed: f.form.head != nil, says: f.says}
}

// take takes what there is of the secret at b[p:], and returns where to look
// on. Its form is nil then, if it has ended. The whole of it, with its prefix,
// begins at start, or before b: -1.
func (s *secret) take(hits []hit, b []byte, start, p int, last bool) ([]hit, int) {
	f := s.form
	s.form = nil
	if s.headed {
		p += f.head.Run(b[p:])
		if p == len(b) {
			s.suspend(f, last)
			return hits, p
		}
		if b[p] != '.' {
			return hits, p
		}
		s.headed = false
		p++
	}
	end, cut, closed := s.end(f, b, p, last)
	switch inside := b[p:end]; {
	case cut:
		s.suspend(f, last)
	case s.size == 0 && !closed && (len(inside) < f.min || f.valid != nil && !f.valid(inside)),
		s.size == 0 && s.says != 0 && s.says.Excuses(inside):
		return hits, p
	}
	if end > p {
		if cut {
			start = -1
		}
		hits = append(hits, hit{p, end, start})
		s.size += end - p
	}
	if cut {
		end = len(b)
	}
	return hits, end
}

// suspend notes that the piece ends in the secret.
func (s *secret) suspend(f *form, last bool) {
	if !last {
		s.form = f
	}
}

// end returns the end of what is or goes on at b[p:], whether it may go on
// behind b, and whether what ends it is there.
func (s *secret) end(f *form, b []byte, p int, last bool) (end int, cut, closed bool) {
	if f.kind == blocks {
		end, cut, closed = s.blockEnd(b, p)
		return end, cut && !last, closed
	}
	end = p + f.body.Run(b[p:])
	if end == len(b) && !last {
		return end, true, false
	}
	if f.kind == urls {
		at := bytes.LastIndexByte(b[p:end], '@')
		return p + max(at, 0), false, at >= 0
	}
	return end, false, false
}

// blockEnd is end of a PEM block, which ends before the five dashes of its
// last line. Dashes at the end of a piece may be some of them, and stay.
func (s *secret) blockEnd(b []byte, p int) (end int, cut, closed bool) {
	const line = 5
	dashes := s.dashes
	s.dashes = 0
	for i := p; i < len(b); i++ {
		switch c := b[i]; {
		case c == '-':
			if dashes++; dashes == line {
				return max(p, i+1-line), false, true
			}
		case !pemText[c]:
			return i, false, false
		default:
			dashes = 0
		}
	}
	s.dashes = dashes
	return max(p, len(b)-dashes), true, false
}
