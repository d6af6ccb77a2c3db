package compare

import (
	"slices"
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
	x, y := slices.Collect(pieces(a, s.toB)), slices.Collect(pieces(b, s.toA))
	same := len(x) == len(y)
	for i := 0; same && i < len(x); i++ {
		same = x[i].kind == y[i].kind
		switch {
		case x[i].kind == pieceText, !anySpan && x[i].isSpan():
			same = same && x[i].text == y[i].text
		case x[i].kind == pieceID:
			same = same && s.pair(x[i].text, y[i].text)
		}
	}
	if same {
		return true
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
