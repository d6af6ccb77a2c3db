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
	borders  borders
	in       bool   // within a value
	full     bool   // buf takes no more of this value
	pos      int64  // bytes of the body so far
	start    int64  // of the value, in the body
	size     int64  // bytes of the value so far
	from, to origin // of the value so far
	buf      []byte // beginning of the value, if it is in pieces and the body does not keep all of it
}

func (s *jsonStream) write(d *Conn, h *half, at origin, b []byte) {
	w := h.ex.side[h.dir].body
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
			s.in, s.start, s.from = true, s.pos+int64(i), at.plus(i)
		}
		n, end := s.borders.scan(b[i:])
		s.size += int64(n)
		if n > 0 {
			s.to = at.plus(i + n - 1)
		}
		if end && s.size == int64(n) {
			s.send(d, h, b[i:i+n])
		} else {
			s.keep(d, w, b[i:i+n])
			if end {
				s.send(d, h, s.value(w))
			}
		}
		i += n
	}
	s.pos += int64(len(b))
}

// keep takes another piece of the value. What w keeps is not kept twice.
func (s *jsonStream) keep(d *Conn, w *wire.Body, b []byte) {
	if s.full || s.start+s.size <= int64(len(w.Data)) {
		return
	}
	if before := s.size - int64(len(b)); before > 0 && len(s.buf) == 0 { // until now w has kept it
		s.append(d, w.Data[s.start:s.start+before])
	}
	s.append(d, b)
}

// append appends what the bounds allow of b to buf.
func (s *jsonStream) append(d *Conn, b []byte) {
	n := min(len(b), d.o.maxMessage()-len(s.buf))
	if s.full || d.o.Budget.take(n) < n {
		s.full = true
		return
	}
	s.buf = append(d.o.Budget.grow(s.buf, n, d.o.maxMessage(), true), b[:n]...)
}

// value returns what was kept of a value in pieces.
func (s *jsonStream) value(w *wire.Body) []byte {
	if len(s.buf) > 0 {
		return s.buf
	}
	kept := w.Data[min(s.start, int64(len(w.Data))):]
	return kept[:min(s.size, int64(len(kept)))]
}

// reset makes ready for the next value.
func (s *jsonStream) reset(d *Conn) {
	d.o.Budget.give(len(s.buf))
	*s = jsonStream{buf: d.o.Budget.reuse(s.buf), pos: s.pos}
}

// send emits the value.
func (s *jsonStream) send(d *Conn, h *half, data []byte) {
	data = data[:min(len(data), d.o.maxMessage())]
	cut := int64(len(data)) < s.size
	if !cut {
		d.learn(h.ex, h.dir, data)
	}
	d.send(h, unit{kind: wire.KindJSON, from: s.from, to: s.to, data: data, size: s.size, cut: cut})
	s.reset(d)
}

func (s *jsonStream) close(d *Conn, h *half) {
	if s.in {
		s.end(d, h)
	}
	s.buf = nil // idle connections hold nothing
}

// end is the end of the body within a value, or behind a scalar, whose end is
// nothing else.
func (s *jsonStream) end(d *Conn, h *half) {
	data := s.value(h.ex.side[h.dir].body)
	if s.borders.scalar {
		s.send(d, h, data)
		return
	}
	data = data[:min(len(data), d.o.maxMessage())]
	d.send(h, unit{kind: wire.KindJSON, from: s.from, to: s.to, data: data, size: s.size, cut: true})
	if !h.eof && !h.decoding.broken() { // else that is reported already
		d.anomaly(h, h.ex, s.from.off(), codeBadJSON, "the body ends within a value")
	}
	s.reset(d)
}

// giveUp reports that b is not JSON, and shows the rest of the body as text.
func (s *jsonStream) giveUp(d *Conn, h *half, at origin, b []byte) {
	d.anomaly(h, h.ex, at.off(), codeBadJSON, fmt.Sprintf("a value cannot begin with %q", b[0]))
	p := newText(h)
	m := &h.ex.side[h.dir]
	m.content = p
	s.buf = nil
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
