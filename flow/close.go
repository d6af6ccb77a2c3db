package flow

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Close ends exchanges that are open, as such, and tells no more time. The sinks
// are closed by their Outlets. Unless the source is unhurried it gives up when
// nothing moves for long: who is held by a sink that hangs is not waited for.
func (b *Book) Close() {
	b.stopTicks()
	over := make(chan struct{})
	go func() {
		defer close(over)
		b.endAll()
	}()
	for last := -1; !b.closeWithin(over); {
		now := b.progress()
		if now == last {
			return
		}
		last = now
	}
}

// closeWithin waits for over, in vain if that takes long.
func (b *Book) closeWithin(over <-chan struct{}) bool {
	var late <-chan time.Time
	if !b.o.Unhurried {
		late = time.After(patience)
	}
	select {
	case <-over:
		return true
	case <-late:
		return false
	}
}

// endAll ends the exchanges of all connections that can be locked.
func (b *Book) endAll() {
	wait := b.wait()
	for _, c := range b.sorted() {
		if c.lock(&wait) {
			b.endOpen(c, wire.StateOpen)
			c.mu.Unlock()
		}
	}
}

// progress changes when exchanges end, or a queue gets shorter.
func (b *Book) progress() int {
	n := int(b.Counts().Exchanges)
	for _, o := range b.outlets {
		if o.live != nil {
			n += o.live.progress()
		}
	}
	return n
}
