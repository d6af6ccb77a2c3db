package decode

import (
	"bytes"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// content decodes what is inside a body or an upgraded stream, and sends it as
// messages. It must give the same messages however the bytes are cut, apart
// from kinds without borders, whose pieces follow the reads.
type content interface {
	// write takes the next bytes; at is where and when the first of them was
	// seen, and the others were seen with it. It keeps nothing of b.
	write(d *Conn, h *half, at origin, b []byte)
	// close is the end of the body or stream.
	close(d *Conn, h *half)
}

// pieces passes bytes on as they come, in messages of one kind: raw bytes,
// text, a terminal.
type pieces struct {
	kind wire.Kind
	held []byte // beginning of a UTF-8 sequence, up to 3 bytes
	from origin // of held
	to   origin
}

func (p *pieces) write(d *Conn, h *half, at origin, b []byte) {
	if p.kind == wire.KindRaw {
		d.send(h, unit{kind: p.kind, from: at, to: at.plus(len(b) - 1), data: b, size: int64(len(b))})
		return
	}
	if i := bytes.IndexByte(b, 0); i >= 0 && p.kind == wire.KindText {
		// Text has no NUL: this is an archive under a wrong label.
		if i > 0 {
			p.write(d, h, at, b[:i])
		}
		p.close(d, h)
		m := &h.ex.side[h.dir]
		m.content = nil
		if m.body != nil {
			m.body.Content = wire.KindBinary
		}
		return
	}
	from := at
	if len(p.held) > 0 {
		from = p.from
		b = append(p.held, b...)
	}
	n := len(b) - partialRune(b)
	if n > 0 {
		to := p.to
		if n > len(p.held) {
			to = at.plus(n - 1 - len(p.held))
		}
		d.send(h, unit{kind: p.kind, from: from, to: to, data: b[:n], size: int64(n)})
	}
	if n == len(b) {
		p.held = nil
		return
	}
	if n > 0 || len(p.held) == 0 {
		p.from = at.plus(n - len(p.held))
	}
	p.to = at.plus(len(b) - 1 - len(p.held))
	p.held = append([]byte(nil), b[n:]...)
}

func (p *pieces) close(d *Conn, h *half) {
	if len(p.held) > 0 {
		d.send(h, unit{kind: p.kind, from: p.from, to: p.to, data: p.held, size: int64(len(p.held))})
		p.held = nil
	}
}

// partialRune returns how many bytes at the end of b begin a UTF-8 sequence
// that is not complete.
func partialRune(b []byte) int {
	for n := 1; n <= min(len(b), utf8.UTFMax-1); n++ {
		c := b[len(b)-n]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// prefix holds back the first bytes of a body until there are enough of them
// to see what it is, and then passes them on.
type prefix struct {
	need   int // decide sees at most so many bytes
	decide func(d *Conn, h *half, b []byte, end bool) content
	b      []byte
	at     []origin // of each byte of b
}

func (p *prefix) write(d *Conn, h *half, at origin, b []byte) {
	for i, c := range b {
		p.b = append(p.b, c)
		p.at = append(p.at, at.plus(i))
		if next := p.decide(d, h, p.b, len(p.b) >= p.need); next != nil {
			p.become(d, h, next)
			if rest := b[i+1:]; len(rest) > 0 {
				if c := h.ex.side[h.dir].content; c != nil {
					c.write(d, h, at.plus(i+1), rest)
				}
			}
			return
		}
	}
}

func (p *prefix) close(d *Conn, h *half) {
	p.become(d, h, p.decide(d, h, p.b, true))
	if c := h.ex.side[h.dir].content; c != nil {
		c.close(d, h)
	}
}

// become hands the bytes held back to next, in the pieces they were seen in.
func (p *prefix) become(d *Conn, h *half, next content) {
	m := &h.ex.side[h.dir]
	if next == (nothing{}) {
		m.content = nil
		return
	}
	m.content = next
	for i := 0; i < len(p.b) && m.content != nil; {
		j := i + 1
		for j < len(p.b) && p.at[j] == p.at[i].plus(j-i) {
			j++
		}
		m.content.write(d, h, p.at[i], p.b[i:j])
		i = j
	}
}

// nothing is what prefix becomes when the body is not worth decoding.
type nothing struct{}

func (nothing) write(*Conn, *half, origin, []byte) {}
func (nothing) close(*Conn, *half)                 {}
