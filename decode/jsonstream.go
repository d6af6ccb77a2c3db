package decode

import (
	"fmt"

	"github.com/socktrace/socktrace/wire"
)

// jsonStream splits a body into JSON values: one document, or a stream of them
// behind each other, on lines of their own, or after record separators (RFC
// 7464). A value is sent the moment its last byte arrives. It finds the borders
// of values by their brackets and strings; whether what is between them is
// valid JSON is for the reader to see.
type jsonStream struct {
	buf      []byte // beginning of the value, if it came in more than one piece
	size     int64  // bytes of the value so far
	from, to origin // of the value so far
	depth    int
	str      bool // within a string
	esc      bool // behind a backslash within a string
	scalar   bool // within a number or a literal at depth 0
	full     bool // buf takes no more of this value
	in       bool // within a value
}

func (s *jsonStream) write(d *Conn, h *half, at origin, b []byte) {
	for i := 0; i < len(b); {
		if !s.in {
			if isSeparator(b[i]) {
				i++
				continue
			}
			if !startsValue(b[i]) {
				s.giveUp(d, h, at.plus(i), b[i:])
				return
			}
			s.in, s.from = true, at.plus(i)
		}
		n, end := s.scan(b[i:])
		s.size += int64(n)
		if n > 0 {
			s.to = at.plus(i + n - 1)
		}
		if end && s.size == int64(n) {
			s.send(d, h, b[i:i+n])
		} else {
			s.keep(d, b[i:i+n])
			if end {
				s.send(d, h, s.buf)
			}
		}
		i += n
	}
}

// keep appends what the bounds allow of b to the value.
func (s *jsonStream) keep(d *Conn, b []byte) {
	n := min(len(b), d.o.maxMessage()-len(s.buf))
	if s.full || d.o.Budget.take(n) < n {
		s.full = true
		return
	}
	s.buf = append(grow(s.buf, n, d.o.maxMessage()), b[:n]...)
}

// reset makes ready for the next value.
func (s *jsonStream) reset(d *Conn) {
	d.o.Budget.give(len(s.buf))
	buf := s.buf[:0]
	if cap(buf) > maxOwn {
		buf = nil
	}
	*s = jsonStream{buf: buf}
}

// scan returns how many bytes of b belong to the current value, and whether it
// ends with them.
func (s *jsonStream) scan(b []byte) (n int, end bool) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case s.esc:
			s.esc = false
		case s.str:
			for c != '"' && c != '\\' { // of which strings are full
				if i++; i == len(b) {
					return len(b), false
				}
				c = b[i]
			}
			if s.esc = c == '\\'; s.esc {
				continue
			}
			if s.str = false; s.depth == 0 {
				return i + 1, true
			}
		case s.scalar:
			if isSeparator(c) || c == '{' || c == '[' || c == '"' || c == ',' {
				return i, true
			}
		default:
			switch c {
			case '"':
				s.str = true
			case '{', '[':
				s.depth++
			case '}', ']':
				if s.depth--; s.depth <= 0 {
					return i + 1, true
				}
			default:
				s.scalar = s.depth == 0
			}
		}
	}
	return len(b), false
}

// send emits the value.
func (s *jsonStream) send(d *Conn, h *half, data []byte) {
	if limit := d.o.maxMessage(); len(data) > limit {
		data = data[:limit]
	}
	d.learn(h.ex, h.dir, data)
	d.send(h, unit{kind: wire.KindJSON, from: s.from, to: s.to, data: data, size: s.size, cut: int64(len(data)) < s.size})
	s.reset(d)
}

func (s *jsonStream) close(d *Conn, h *half) {
	if !s.in {
		return
	}
	if s.scalar {
		s.send(d, h, s.buf)
		return
	}
	d.send(h, unit{kind: wire.KindJSON, from: s.from, to: s.to, data: s.buf, size: s.size, cut: true})
	if !h.eof && !h.decoding.broken() { // else that is reported already
		d.anomaly(h, h.ex, s.from.off(), codeBadJSON, "the body ends within a value")
	}
	s.reset(d)
}

// giveUp reports that b is not JSON, and shows the rest of the body as text.
func (s *jsonStream) giveUp(d *Conn, h *half, at origin, b []byte) {
	d.anomaly(h, h.ex, at.off(), codeBadJSON, fmt.Sprintf("a value cannot begin with %q", b[0]))
	p := newText()
	m := &h.ex.side[h.dir]
	m.content = p
	p.write(d, h, at, b)
}

// isSeparator reports whether c may stand between the values of a stream: JSON
// white space (RFC 8259, section 2) and the record separator.
func isSeparator(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x1e
}

func startsValue(c byte) bool {
	switch c {
	case '{', '[', '"', '-', 't', 'f', 'n':
		return true
	}
	return '0' <= c && c <= '9'
}
