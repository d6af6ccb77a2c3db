package content

import "github.com/socktrace/socktrace/decode/internal/window"

// held is bytes that are kept until it is known what they are, with their
// places.
type held struct {
	b   []byte
	run []run
}

// run is bytes behind each other that were seen together.
type run struct {
	at window.Place
	n  int
}

// add keeps a copy of b.
func (h *held) add(at window.Place, b []byte) {
	h.b = append(h.b, b...)
	if k := len(h.run) - 1; k >= 0 && h.run[k].at.Plus(h.run[k].n) == at {
		h.run[k].n += len(b)
		return
	}
	h.run = append(h.run, run{at, len(b)})
}

// first returns where and when the first byte was seen; there must be one.
func (h *held) first() window.Place { return h.run[0].at }

// release calls write for the bytes, in the pieces they were seen in, as long as
// it returns true, and forgets them.
func (h *held) release(write func(window.Place, []byte) bool) {
	b, runs := h.b, h.run
	*h = held{}
	for _, r := range runs {
		if !write(r.at, b[:r.n]) {
			return
		}
		b = b[r.n:]
	}
}

// handTo puts next in the place of the content that has held the bytes, and gives
// them to it. It returns what has the place then.
func (h *held) handTo(out Out, next Content) Content {
	p := place{out, next}
	out.Become(next)
	h.release(func(at window.Place, b []byte) bool {
		if p.Content != nil {
			p.Write(&p, at, b)
		}
		return p.Content != nil
	})
	return p.Content
}

// place is an Out that knows which content has its place now.
type place struct {
	Out
	Content
}

func (p *place) Become(c Content) {
	p.Content = c
	p.Out.Become(c)
}
