package main

import (
	"bytes"
	"io"
	"sync/atomic"
	"time"
)

const (
	// writePatience is how long whoever writes waits until it is written.
	writePatience = 500 * time.Millisecond
	// writeGrace is how long the end of the program waits for an output that takes
	// nothing.
	writeGrace = time.Second
)

// bounded writes to an output that may stall, for any goroutine, one piece with each
// Write. It is written when Write returns, so that it stands before what comes later; but
// for an output that takes nothing nobody waits: the pieces do, up to a bound.
type bounded struct {
	out     io.Writer
	idle    func(*bounded) // called by the goroutine that writes when nothing more waits; may be nil
	queue   chan piece
	stalled atomic.Bool // a write was waited for in vain, and has not ended
	written atomic.Int64
	lost    atomic.Int64 // pieces that there was no room for
}

// piece is what waits, until done is closed. One without text is only waited for.
type piece struct {
	text []byte
	done chan struct{}
}

// newBounded returns what writes to out, and has so many pieces wait for it. Its
// goroutine lasts as long as the process.
func newBounded(out io.Writer, most int, idle func(*bounded)) *bounded {
	b := &bounded{out: out, idle: idle, queue: make(chan piece, most)}
	go b.deliver()
	return b
}

// Write writes one piece. It never fails: there is nobody to be told.
func (b *bounded) Write(text []byte) (int, error) {
	one := piece{bytes.Clone(text), make(chan struct{})}
	select {
	case b.queue <- one:
	default:
		b.lost.Add(1)
		return len(text), nil
	}
	if b.stalled.Load() {
		return len(text), nil
	}
	late := time.NewTimer(writePatience)
	defer late.Stop()
	select {
	case <-one.done:
	case <-late.C:
		b.stalled.Store(true)
	}
	return len(text), nil
}

// deliver is the goroutine that writes.
func (b *bounded) deliver() {
	for one := range b.queue {
		if one.text != nil {
			_, _ = b.out.Write(one.text)
		}
		if b.idle != nil && len(b.queue) == 0 {
			b.idle(b)
		}
		b.written.Add(1)
		b.stalled.Store(false)
		close(one.done)
	}
}

// flush waits until all is written, and reports whether it is: it gives up when the
// output takes nothing.
func (b *bounded) flush() bool {
	tick := time.NewTicker(writeGrace)
	defer tick.Stop()
	return b.flushed(tick.C)
}

// flushed is flush, which gives up when nothing was written from one tick to the next.
func (b *bounded) flushed(tick <-chan time.Time) bool {
	last, end := b.written.Load(), piece{done: make(chan struct{})}
	go func() { b.queue <- end }() // when there is room
	for {
		select {
		case <-end.done:
			return true
		case <-tick:
		}
		now := b.written.Load()
		if now == last {
			return false
		}
		last = now
	}
}
