package window

// Held is bytes that are kept until it is known what they are, with their places.
type Held struct {
	bytes []byte
	runs  []run
}

// run is bytes behind each other that were seen together.
type run struct {
	at Place
	n  int
}

// Add keeps a copy of b.
func (h *Held) Add(at Place, b []byte) {
	h.bytes = append(h.bytes, b...)
	if k := len(h.runs) - 1; k >= 0 && h.runs[k].at.Plus(h.runs[k].n) == at {
		h.runs[k].n += len(b)
		return
	}
	h.runs = append(h.runs, run{at, len(b)})
}

// Bytes returns what is held. It is valid until the next call of another method.
func (h *Held) Bytes() []byte { return h.bytes }

// First returns where and when the first byte was seen; there must be one.
func (h *Held) First() Place { return h.runs[0].at }

// At returns the place of byte i, and how many bytes from it on were seen with it.
func (h *Held) At(i int) (at Place, n int) {
	for _, r := range h.runs {
		if i < r.n {
			return r.at.Plus(i), r.n - i
		}
		i -= r.n
	}
	return at, 0
}

// Release calls take for the bytes, in the pieces they were seen in, as long as that
// returns true, and forgets them.
func (h *Held) Release(take func(Place, []byte) bool) {
	b, runs := h.bytes, h.runs
	*h = Held{}
	for _, r := range runs {
		if !take(r.at, b[:r.n]) {
			return
		}
		b = b[r.n:]
	}
}
