package redact

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/mask"
)

// matcher finds the forms in a stream that comes in pieces, however it is cut.
// It never holds anything back: of a secret that is cut, the pieces are masked
// one by one. What may be the beginning of a secret at the end of a piece is
// masked, even if what follows shows that it was none. Its zero value is ready.
type matcher struct {
	tail [maxPrefix]byte // the end of what went by: a prefix may be cut
	kept uint8           // how much of tail is used
	// in is the form of the secret that the last piece ended in, nil if it did
	// not. Then size is how much of its body has gone by, and headed says that
	// its head has not ended.
	in     *form
	size   int
	headed bool
	dashes int // how many the piece ended with, in a block
}

// hit is a secret in a piece. The whole of it, with its prefix, begins at
// start; that is -1 if the hit is only a piece of it.
type hit struct{ from, to, start int }

// scan returns the secrets in b, the next piece of the stream, in order,
// behind hits. last says that nothing follows.
func (m *matcher) scan(hits []hit, b []byte, last bool) []hit {
	i := 0
	if m.in != nil {
		hits, i = m.goOn(hits, b, last)
	}
	if m.in == nil && m.kept > 0 {
		hits, i = m.join(hits, b, last)
	}
	for m.in == nil && i < len(b) {
		start, end, f := find(b[i:])
		if f == nil {
			break
		}
		hits, i = m.begin(hits, f, b, i+start, i+end, last)
	}
	if m.in == nil && !last {
		m.remember(b, i)
	}
	return hits
}

// remember keeps the end of b[i:]; if i is 0, that goes on with what was kept.
func (m *matcher) remember(b []byte, i int) {
	if i > 0 {
		m.kept = 0
	}
	b = b[max(i, len(b)-maxPrefix):]
	keep := min(int(m.kept), maxPrefix-len(b))
	copy(m.tail[:], m.tail[int(m.kept)-keep:m.kept])
	m.kept = uint8(keep + copy(m.tail[keep:], b))
}

// join looks for prefixes that began before b and end in it. It returns how
// far it came in b.
func (m *matcher) join(hits []hit, b []byte, last bool) ([]hit, int) {
	var buf [2 * maxPrefix]byte
	n := copy(buf[:], m.tail[:m.kept])
	joint := buf[:n+copy(buf[n:], b[:min(len(b), maxPrefix)])]
	i := 0
	for at := 0; at < len(joint); {
		start, end, f := find(joint[at:])
		start, end = at+start, at+end
		if f == nil || start >= n {
			break
		}
		if at = end; end > n {
			hits, i = m.begin(hits, f, b, start-n, end-n, last)
			if m.in != nil {
				break
			}
			at = n + i
		}
	}
	return hits, i
}

// begin takes the secret whose prefix is b[start:end], and returns where to
// look on. A negative start is before b.
func (m *matcher) begin(hits []hit, f *form, b []byte, start, end int, last bool) ([]hit, int) {
	m.kept, m.size, m.dashes = 0, 0, 0
	m.headed = f.head != nil
	return m.body(hits, f, b, max(start, -1), end, last)
}

// goOn takes the next piece of the secret that the last one ended in.
func (m *matcher) goOn(hits []hit, b []byte, last bool) ([]hit, int) {
	f := m.in
	m.in = nil
	return m.body(hits, f, b, -1, 0, last)
}

// body takes the rest of a secret, at b[p:], and returns where to look on.
func (m *matcher) body(hits []hit, f *form, b []byte, start, p int, last bool) ([]hit, int) {
	if m.headed {
		p += f.head.Run(b[p:])
		if p == len(b) {
			m.suspend(f, last)
			return hits, p
		}
		if b[p] != '.' {
			return hits, p
		}
		m.headed = false
		p++
	}
	end, cut, closed := m.bodyEnd(f, b, p, last)
	switch body := b[p:end]; {
	case cut:
		m.suspend(f, last)
	case f.kind == urls && !closed,
		m.size == 0 && !closed && (len(body) < f.min || f.valid != nil && !f.valid(body)):
		return hits, p
	}
	if end > p {
		if cut || m.size > 0 {
			start = -1
		}
		hits = append(hits, hit{p, end, start})
		m.size += end - p
	}
	if cut {
		end = len(b)
	}
	return hits, end
}

// suspend notes that the piece ends in a secret.
func (m *matcher) suspend(f *form, last bool) {
	if !last {
		m.in = f
	}
}

// bodyEnd returns the end of the body that is or goes on at b[p:], whether it
// may go on behind b, and whether what ends it is there.
func (m *matcher) bodyEnd(f *form, b []byte, p int, last bool) (end int, cut, closed bool) {
	if f.kind == blocks {
		end, cut, closed = m.blockEnd(b, p)
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

// blockEnd is bodyEnd of a PEM block, which ends before the five dashes of
// its last line. Dashes at the end of a piece may be some of them, and stay.
func (m *matcher) blockEnd(b []byte, p int) (end int, cut, closed bool) {
	const line = 5
	dashes := m.dashes
	m.dashes = 0
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
	m.dashes = dashes
	return max(p, len(b)-dashes), true, false
}

// forms adds what m finds in text, the next piece of a stream, to s.
func (r *Redactor) forms(s mask.Spans, m *matcher, text []byte, last bool, name string) mask.Spans {
	var buf [8]hit
	for _, h := range m.scan(buf[:0], text, last) {
		sp := mask.Span{From: h.from, To: h.to, Name: name}
		switch {
		case mask.Is(text[h.from:h.to]):
			continue
		case h.start < 0:
			sp.With = mask.Partial(h.to - h.from)
		default:
			sp.With = r.marks.Placeholder(text[h.start:h.to], h.to-h.from)
		}
		s = append(s, sp)
	}
	return s
}
