package compare

import (
	"iter"
	"strings"

	"github.com/socktrace/socktrace/redact"
)

// Text reports whether a text of A says the same as one of B: ids stand for each other, and
// times for any.
func (s *Session) Text(a, b string) bool { return s.text(a, b, true) }

// asked is Text for what a client asks for: how long something is to last is what it says.
func (s *Session) asked(a, b string) bool { return s.text(a, b, false) }

func (s *Session) text(a, b string, anySpan bool) bool {
	if isMasked(a) || isMasked(b) {
		return meets(a, b) || meets(b, a)
	}
	if a == b && !hasID(a) {
		return true
	}
	mark := s.Mark()
	nextA, stopA := iter.Pull(pieces(a, s.toB))
	defer stopA()
	nextB, stopB := iter.Pull(pieces(b, s.toA))
	defer stopB()
	for {
		x, okA := nextA()
		y, okB := nextB()
		if !okA || !okB {
			if okA == okB {
				return true
			}
			break
		}
		exact := x.kind == pieceText || !anySpan && x.isSpan()
		if x.kind != y.kind || exact && x.text != y.text || x.kind == pieceID && !s.pair(x.text, y.text) {
			break
		}
	}
	s.Undo(mark)
	return false
}

// meets reports whether text is what pattern says, in which each placeholder of a masked
// secret stands for anything.
func meets(pattern, text string) bool {
	for first := true; ; first = false {
		start, end := redact.Placeholder(pattern)
		if start < 0 {
			return first && pattern == text || !first && strings.HasSuffix(text, pattern)
		}
		i := strings.Index(text, pattern[:start])
		if i < 0 || first && i > 0 {
			return false
		}
		text, pattern = text[i+start:], pattern[end:]
	}
}

// isMasked reports whether part of s was masked.
func isMasked(s string) bool {
	start, _ := redact.Placeholder(s)
	return start >= 0
}
