package body

import (
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// trial is a body that should be in codings, as long as that is not certain: labels
// lie. Until then it is held back, as it was sent and decoded.
type trial struct {
	list  string // the codings, as in Content-Encoding
	hides bool   // the label does not say so
	looks coding.Looks
	sent  held // as it was sent
	fed   int  // bytes of it that were decoded
	plain held // without its codings
	taken int  // of the account, for both
}

// held is bytes that are held back, with their places.
type held struct {
	b   []byte
	run []run
}

type run struct {
	at window.Place
	n  int
}

func (h *held) add(at window.Place, b []byte) {
	h.b = append(h.b, b...)
	h.run = append(h.run, run{at, len(b)})
}

// at returns the place of byte i, and how many bytes from it on were seen with it.
func (h *held) at(i int) (at window.Place, n int) {
	for _, r := range h.run {
		if i < r.n {
			return r.at.Plus(i), r.n - i
		}
		i -= r.n
	}
	return at, 0
}

// release calls take for the bytes, in the pieces they came in, as long as that
// returns true, and forgets them.
func (h *held) release(take func(window.Place, []byte) bool) {
	b, runs := h.b, h.run
	*h = held{}
	for _, r := range runs {
		if !take(r.at, b[:r.n]) {
			return
		}
		b = b[r.n:]
	}
}

// How many bytes as they were sent are held back, at most: fewer where the coding
// has no beginning of its own, and what comes out is no text. A block of DEFLATE may
// come whole before anything comes out.
const (
	maxTrial   = 64 << 10
	maxDoubted = 64
)

// How many decoded bytes are looked at, and held back.
const (
	sure     = 4
	maxPlain = 64 << 10
)
