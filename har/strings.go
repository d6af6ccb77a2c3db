package har

import "github.com/socktrace/socktrace/internal/jsontext"

// quoted appends the string that comes next as JSON has it, in quotes: at most
// limit bytes of what is in it. cut says that there are more, which were skipped.
func (l *lexer) quoted(dst []byte, limit int) (_ []byte, cut bool, err error) {
	s := piece{dst: append(dst, '"')}
	s.from = len(s.dst)
	s.limit = s.from + max(limit, 0)
	for l.i++; l.i < l.n || l.more(); {
		b := l.buf[l.i:l.n]
		n := jsontext.Ordinary(b)
		s.some(b[:n])
		l.i += n
		switch {
		case n == len(b):
		case b[n] == '"':
			l.i++
			return s.close(), s.cut, nil
		case b[n] == '\\':
			k, escape := l.escape()
			if k == 0 {
				return s.dst, s.cut, l.end()
			}
			s.whole(escape)
			l.i += k
		default:
			l.fixes.add(oddString)
			control, _ := jsontext.AppendString(nil, b[n:n+1])
			s.whole(control[1 : len(control)-1])
			l.i++
		}
	}
	return s.dst, s.cut, l.end()
}

// escape returns the escape that begins here, and how many bytes of the text it
// stands for; 0 if the text ends in it. A backslash that begins none is one.
func (l *lexer) escape() (n int, escape []byte) {
	have := l.ahead(len(`\u0000`))
	b := l.buf[l.i:min(l.n, l.i+len(`\u0000`))]
	if have < 2 {
		return 0, nil
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, b[:2]
	case 'u':
		for i := 2; i < len(`\u0000`); i++ {
			if i == len(b) {
				return 0, nil
			}
			if !isHex(b[i]) {
				l.fixes.add(oddString)
				return 1, []byte(`\\`)
			}
		}
		return len(b), b
	}
	l.fixes.add(oddString)
	return 1, []byte(`\\`)
}

// piece is a string that is put together, as far as it may go.
type piece struct {
	dst         []byte
	from, limit int // its inside is dst[from:], and goes no further than limit
	cut         bool
}

// some appends as much of b as there is room for.
func (s *piece) some(b []byte) {
	if room := s.limit - len(s.dst); s.cut || len(b) > room {
		if !s.cut {
			s.dst = append(s.dst, b[:room]...)
		}
		s.cut = true
		return
	}
	s.dst = append(s.dst, b...)
}

// whole appends b, or nothing of it.
func (s *piece) whole(b []byte) {
	if s.cut = s.cut || len(b) > s.limit-len(s.dst); !s.cut {
		s.dst = append(s.dst, b...)
	}
}

// close ends the string. A character that was cut is left out.
func (s *piece) close() []byte {
	if s.cut {
		whole, _ := jsontext.TrimPartial(s.dst[s.from:])
		s.dst = s.dst[:s.from+len(whole)]
	}
	return append(s.dst, '"')
}
