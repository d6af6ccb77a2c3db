package intercept

import "sync"

const (
	// smallBuffer is what an idle direction holds: 1,000 connections take 8 MB.
	smallBuffer = 4 << 10
	// largeBuffer is what bulk is copied with. What one read returns fits into
	// one IP packet of a recording.
	largeBuffer = 60 << 10
	// calm is how many small reads in a row end bulk: fewer would read every
	// answer that is somewhat larger than smallBuffer in two pieces.
	calm = 16
)

// buffer is the memory that one direction is copied with: small until a read
// fills it, then large until reads have become small again.
type buffer struct {
	bytes  []byte // what to read into
	small  []byte
	large  *[largeBuffer]byte // nil while small is in use
	larges *sync.Pool
	calm   int // small reads in a row into large
}

func newBuffer(larges *sync.Pool) buffer {
	small := make([]byte, smallBuffer)
	return buffer{bytes: small, small: small, larges: larges}
}

// adapt chooses the memory for the next read after one of n bytes.
func (b *buffer) adapt(n int) {
	switch {
	case b.large == nil && n < smallBuffer:
	case b.large == nil:
		b.large, _ = b.larges.Get().(*[largeBuffer]byte)
		if b.large == nil {
			b.large = new([largeBuffer]byte)
		}
		b.bytes, b.calm = b.large[:], 0
	case n > smallBuffer:
		b.calm = 0
	default:
		if b.calm++; b.calm == calm {
			b.free()
		}
	}
}

// free gives the large memory back. The buffer stays usable.
func (b *buffer) free() {
	if b.large != nil {
		b.larges.Put(b.large)
		b.bytes, b.large = b.small, nil
	}
}
