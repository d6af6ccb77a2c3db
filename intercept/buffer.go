package intercept

import (
	"sync"
	"sync/atomic"
)

const (
	// smallBuffer is what an idle direction holds: 1,000 connections take 8 MB.
	smallBuffer = 4 << 10
	// largeBuffer is what bulk is copied with. What one read returns fits into
	// one IP packet of a recording.
	largeBuffer = 60 << 10
	// calm is how many small reads in a row end bulk: fewer would read every
	// answer that is somewhat larger than smallBuffer in two pieces.
	calm = 16
	// crowd is how many large buffers are used at once, 4 MB, before each must be
	// given back by who has read all there is; and mostLarge, 15 MB, how many may
	// be at all. Connections that had much and are idle would keep one each.
	crowd     = 64
	mostLarge = 256
)

// buffer is the memory that one direction is copied with: small until a read
// fills it, then large until reads have become small again.
type buffer struct {
	bytes  []byte // what to read into
	small  []byte
	large  *[largeBuffer]byte // nil while small is in use
	larges *larges
	calm   int // small reads in a row into large
}

// larges is the large buffers of all connections. It is ready for use.
type larges struct {
	free sync.Pool // of *[largeBuffer]byte
	used atomic.Int32
}

// get returns a large buffer, or nil if too many are in use.
func (l *larges) get() *[largeBuffer]byte {
	if l.used.Add(1) > mostLarge {
		l.used.Add(-1)
		return nil
	}
	if b, ok := l.free.Get().(*[largeBuffer]byte); ok {
		return b
	}
	return new([largeBuffer]byte)
}

func (l *larges) put(b *[largeBuffer]byte) {
	l.free.Put(b)
	l.used.Add(-1)
}

func (l *larges) crowded() bool { return l.used.Load() > crowd }

func newBuffer(larges *larges) buffer {
	small := make([]byte, smallBuffer)
	return buffer{bytes: small, small: small, larges: larges}
}

// adapt chooses the memory for the next read after one of n bytes.
func (b *buffer) adapt(n int) {
	switch {
	case b.large == nil && n < smallBuffer:
	case b.large == nil:
		if b.large = b.larges.get(); b.large != nil {
			b.bytes, b.calm = b.large[:], 0
		}
	case n == largeBuffer, n > smallBuffer && !b.larges.crowded():
		b.calm = 0
	default:
		if b.calm++; b.calm == calm || b.larges.crowded() {
			b.free()
		}
	}
}

// free gives the large memory back. The buffer stays usable.
func (b *buffer) free() {
	if b.large != nil {
		b.larges.put(b.large)
		b.bytes, b.large = b.small, nil
	}
}
