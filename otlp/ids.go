package otlp

import "crypto/rand"

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
