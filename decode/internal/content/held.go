package content

import "github.com/socktrace/socktrace/decode/internal/window"

// held is bytes that are kept until it is known what they are.
type held struct{ window.Held }

// handTo puts next in the place of the content that has held the bytes, and gives
// them to it. It returns what has the place then.
func (h *held) handTo(out Out, next Content) Content {
	p := place{out, next}
	out.Become(next)
	h.Release(func(at window.Place, b []byte) bool {
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
