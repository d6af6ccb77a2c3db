package otlp

import (
	"crypto/rand"
	"fmt"
)

// NewInstance returns a random UUID (RFC 9562, section 5.4), for one start of the program.
func NewInstance() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ids makes random ids of traces and spans. It is for one goroutine.
type ids struct {
	random [512]byte
	used   int
}

func newIDs() *ids { return &ids{used: 512} }

// take fills id, which is not zero then (W3C Trace Context, section 3.2.2).
func (r *ids) take(id []byte) {
	for {
		if r.used+len(id) > len(r.random) {
			_, _ = rand.Read(r.random[:]) // it never fails
			r.used = 0
		}
		r.used += copy(id, r.random[r.used:])
		for _, b := range id {
			if b != 0 {
				return
			}
		}
	}
}

// root returns the context of the first span of a new trace.
func (r *ids) root() (c spanContext) {
	r.take(c.trace[:])
	r.take(c.span[:])
	c.flags = 1
	return c
}
