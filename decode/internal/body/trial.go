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
	sent  window.Held // as it was sent
	fed   int         // bytes of it that were decoded
	plain window.Held // without its codings
	taken int         // of the account, for both
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
