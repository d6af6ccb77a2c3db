package http2

import "github.com/socktrace/socktrace/decode/internal/http2/hpack"

// maxBeginning is how much of a block that is left out is looked at, in bytes: the
// method and the target stand there.
const maxBeginning = 16 << 10

// beginning returns those of the fields that decide which b, the beginning of a block
// that is left out, has. Behind it the table is worth nothing.
func beginning(table *hpack.Decoder, b []byte) *hpack.Block {
	h := head{block: new(block)}
	h.Block, _ = table.Decode(b[:min(len(b), maxBeginning)], nil)
	h.shorten()
	return &hpack.Block{Fields: h.Fields, Kinds: append([]hpack.Kind(nil), h.Kinds...), Lost: h.Lost}
}
