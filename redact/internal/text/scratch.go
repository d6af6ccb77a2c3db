package text

// Scratch is memory to look at strings as bytes.
type Scratch []byte

// Of returns s as bytes, which are valid until the next call.
func (b *Scratch) Of(s string) []byte {
	*b = append((*b)[:0], s...)
	return *b
}

// maxScratch bounds what is kept of it.
const maxScratch = 32 << 10

// Release lets go of memory beyond what is usual.
func (b *Scratch) Release() {
	if cap(*b) > maxScratch {
		*b = nil
	}
}
