package redact

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// lineState follows lines that look like header fields, and assignments such
// as the parameters of a query, through the pieces of a stream, however it is
// cut.
type lineState struct {
	tail   []byte     // the last maxName bytes before this piece: a name may be cut
	name   string     // of the secret whose value goes on here; empty: not in one
	ends   *chars.Set // what ends that value; nil: the line's end, and folds go on with it
	begun  bool       // some of the value has gone by
	folded bool       // a secret value has just ended; white space goes on with it
}

// rawLines adds the values in text, the next piece of a stream, of what looks
// like secret header fields or assignments.
func (r *Redactor) rawLines(found mask.Spans, s *lineState, text []byte, prefix string) mask.Spans {
	for i := 0; i < len(text); {
		if s.folded && text[i] != ' ' && text[i] != '\t' {
			s.name = ""
		}
		if s.folded = false; s.name == "" {
			n, ok := s.findName(r, text[i:])
			if i += n; !ok || i == len(text) {
				break
			}
		}
		if s.ends != nil {
			found, i = r.assigned(found, s, text, i, prefix)
			continue
		}
		value, ended := valueOf(text[i:])
		if !s.begun && ended {
			found = r.lineValue(found, text, i, i+len(value), s.name, prefix+s.name)
		} else {
			found = found.Piece(text, i, i+len(value), prefix+s.name)
		}
		if s.begun = !ended; !ended {
			break
		}
		i += len(value) + bytes.IndexByte(text[i+len(value):], '\n') + 1
		s.folded, s.tail = true, s.tail[:0]
	}
	return found
}

// assigned adds the value of an assignment, which begins or goes on at
// text[i], and returns its end.
func (r *Redactor) assigned(found mask.Spans, s *lineState, text []byte, i int, prefix string) (mask.Spans, int) {
	if n := mask.Size(text[i:]); n > 0 {
		s.begun = true
		return found, i + n
	}
	if !s.begun && isQuoteAt(text, i) {
		s.ends = quoteEnds[text[i]&1] // '"' is even, '\'' is odd
		s.begun = true
		return found, i + 1
	}
	size := s.ends.Find(text[i:])
	end := i + size
	ended := end < len(text)
	switch value := text[i:end]; {
	case ended && !s.begun && isFlagValue(value):
	default:
		found = found.Either(r.marks, text, i, end, ended && (!s.begun || s.ends != assignEnds), prefix+s.name)
	}
	if s.begun = !ended; ended {
		s.name, s.ends = "", nil
	}
	return found, end
}

// What ends the value of an assignment: one without quotes, and those in them.
var (
	assignEnds = chars.Of("", " \t\r\n&;,<>()`\"'\x00")
	quoteEnds  = [2]*chars.Set{chars.Of("", "\"\r\n\x00"), chars.Of("", "'\r\n\x00")}
)

// lineValue adds text[from:to], the whole value of a field, but for the scheme
// it may begin with.
func (r *Redactor) lineValue(found mask.Spans, text []byte, from, to int, field, name string) mask.Spans {
	value := string(text[from:to])
	switch low := strings.ToLower(field); {
	case emptyAuth[value]:
		if low == "x-registry-auth" || low == "x-registry-config" {
			return found
		}
	case strings.HasSuffix(low, "authorization"):
		scheme, credentials, _ := strings.Cut(value, " ")
		if credentials = strings.TrimLeft(credentials, " \t"); credentials != "" && schemes[strings.ToLower(scheme)] {
			from = to - len(credentials)
		}
	}
	return found.Whole(r.marks, text, from, to, name)
}

// findName returns the size of text up to the first value in it that looks
// like that of a secret field or assignment, and remembers its name; false if
// there is none.
func (s *lineState) findName(r *Redactor, text []byte) (size int, found bool) {
	s.name, s.ends, s.begun = "", nil, false
	for size < len(text) {
		n := nameEnds.Find(text[size:])
		if size+n == len(text) {
			break
		}
		s.remember(text[size : size+n])
		size += n + 1
		if text[size-1] == '=' {
			if name := nameBefore(s.tail, len(s.tail)); r.isSecretName(name) {
				s.name, s.ends = string(name), assignEnds
			}
		} else if isSecret(s.tail) || r.named(lastToken(s.tail)) {
			s.name = string(lastToken(s.tail))
		}
		s.tail = s.tail[:0]
		if s.name != "" {
			for s.ends == nil && size < len(text) && (text[size] == ' ' || text[size] == '\t') {
				size++
			}
			return size, true
		}
	}
	s.remember(text[size:])
	return len(text), false
}

// nameEnds are what ends the name of a field or an assignment.
var nameEnds = chars.Of("", ":=")

// remember keeps the last maxName bytes of what went by.
func (s *lineState) remember(b []byte) {
	if len(b) >= maxName {
		s.tail = append(s.tail[:0], b[len(b)-maxName:]...)
		return
	}
	if over := len(s.tail) + len(b) - maxName; over > 0 {
		s.tail = s.tail[:copy(s.tail, s.tail[over:])]
	}
	s.tail = append(s.tail, b...)
}

// valueOf returns the value that line begins with, without the line's end, and
// whether that is there.
func valueOf(line []byte) (value []byte, ended bool) {
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line, ended = line[:n], true
	}
	return bytes.TrimRight(line, "\r"), ended
}
