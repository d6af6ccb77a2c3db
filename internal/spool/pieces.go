package spool

import (
	"io"
	"sync/atomic"
)

// Pieces is a writer that hands on what it gets in small pieces, and counts
// them: so Close tells an output that is slow from one that does not move, however
// large a unit is.
type Pieces struct {
	w io.Writer
	n atomic.Int64
}

// NewPieces returns Pieces before w.
func NewPieces(w io.Writer) *Pieces { return &Pieces{w: w} }

// maxPiece is what a pipe holds on most systems, in bytes.
const maxPiece = 64 << 10

// Write writes b to the end, or to the first error.
func (p *Pieces) Write(b []byte) (int, error) {
	for done := 0; ; {
		piece := b[done:min(done+maxPiece, len(b))]
		n, err := p.w.Write(piece)
		done += n
		if err == nil && n < len(piece) {
			err = io.ErrShortWrite
		}
		if p.n.Add(1); err != nil || done == len(b) {
			return done, err
		}
	}
}

// Count returns how many pieces were written.
func (p *Pieces) Count() int64 { return p.n.Load() }
