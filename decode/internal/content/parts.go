package content

import (
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
)

// maxDepth bounds parts of parts.
const maxDepth = 4

// parts decodes a body that consists of parts, each as its type.
type parts struct {
	split  *media.Splitter
	choose chooser
	depth  int
	part   nested // the content that is open
	lines  nested // the lines around parts
	role   media.Role
	seen   []seen // where and when what the splitter holds was seen
	off    int64  // bytes that the splitter was given
	out    Out    // during a call
}

// seen is bytes that were seen together, by their offset in the body.
type seen struct {
	off int64
	at  window.Place
	n   int
}

// newParts decodes a body of type t, which has parts.
func newParts(t media.Type, c chooser, depth int) *parts {
	return &parts{split: media.NewSplitter(t), choose: c, depth: depth}
}

func (p *parts) Write(out Out, at window.Place, b []byte) {
	p.out = out
	p.seen = append(p.seen, seen{p.off, at, len(b)})
	p.off += int64(len(b))
	p.split.Write(p, b)
	p.forget()
}

// forget drops the places of what the splitter does not hold any more.
func (p *parts) forget() {
	from, n := p.off-int64(p.split.Held()), 0
	for n < len(p.seen) && p.seen[n].off+int64(p.seen[n].n) <= from {
		n++
	}
	p.seen = append(p.seen[:0], p.seen[n:]...)
}

func (p *parts) Close(out Out, how End) {
	p.out = out
	p.split.Close(p)
	p.part.close(out, how)
	p.lines.close(out, how)
}

// Part begins a part.
func (p *parts) Part(next media.Part) {
	p.role = next.Role
	if next.Role == media.Frame || next.More {
		return
	}
	p.part.close(p.out, Ended)
	if next.Role == media.Head {
		if p.lines.content == nil {
			p.lines.content = newText(true)
		}
		return
	}
	p.lines.close(p.out, Ended)
	c := p.choose(next.Type.Unwrapped(), p.depth+1)
	if to := media.Transfer(next.Encoding, next.Type); to != nil {
		coded := newRecoded(to, "", c)
		coded.inside.all = false
		c = coded
	}
	p.part = nested{content: c, name: next.Name}
}

// Data takes the next bytes of the part, in the pieces they were seen in.
func (p *parts) Data(off int64, b []byte) {
	for _, s := range p.seen {
		if len(b) == 0 {
			return
		}
		skip := int(off - s.off)
		if skip >= s.n {
			continue
		}
		n := min(s.n-skip, len(b))
		p.take(s.at.Plus(skip), b[:n])
		off, b = off+int64(n), b[n:]
	}
}

func (p *parts) take(at window.Place, b []byte) {
	switch p.role {
	case media.Content:
		p.part.write(p.out, at, b)
	case media.Head:
		p.lines.write(p.out, at, b)
	}
}
