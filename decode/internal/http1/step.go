// Package http1 decodes HTTP/1.0 and 1.1 as bytes come (RFC 9112), whatever is
// wrong with them, and pairs requests with responses.
//
// Each direction of a connection is a side, which is in one state: a function
// that takes what it can from the bytes seen so far, at most one unit (a head, a
// piece of a body), or changes the state. What leads from which state to which
// stands in one table (state.go), and nowhere else.
package http1

import "github.com/socktrace/socktrace/wire"

// steps are what sides do in their states: they return true if they took bytes
// or changed the state, and false if they need more bytes, or the other side to
// move first.
var steps = [states]func(*Decoder, *side) bool{
	start:      (*Decoder).message,
	sized:      (*Decoder).sizedBody,
	untilClose: (*Decoder).bodyUntilClose,
	chunkSize:  (*Decoder).chunkSizeLine,
	chunkData:  (*Decoder).chunkContent,
	chunkEnd:   (*Decoder).lineBehindChunk,
	trailer:    (*Decoder).trailerSection,
	held:       (*Decoder).hold,
	stream:     (*Decoder).streamed,
	resync:     (*Decoder).search,
	opaque:     (*Decoder).pass,
}

// Step lets a side do one thing, and reports whether it did.
func (d *Decoder) Step(dir wire.Dir) bool {
	s := &d.sides[dir]
	if s.turn == s.w.Off() {
		if did, waits := d.turned(s); did || waits {
			return did
		}
	}
	return steps[s.state](d, s)
}
