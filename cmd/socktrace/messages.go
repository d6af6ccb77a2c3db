package main

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/internal/plural"
)

const (
	// maxMessages bounds how many messages wait for an output that stalls.
	maxMessages = 256
	// messagePatience is how long whoever has a message waits until it is written.
	messagePatience = 500 * time.Millisecond
	// messageGrace is how long the end of the program waits for an output that
	// takes nothing.
	messageGrace = time.Second
)

// messages writes what the tool itself has to say, for any goroutine, one message
// with each Write. It is written when Write returns, so that it stands before what
// comes later; but for an output that takes nothing, a pipe that is not read or a
// terminal that was stopped, nobody waits: the messages do, up to a bound.
type messages struct {
	out     io.Writer
	queue   chan message
	stalled atomic.Bool // a write was waited for in vain, and has not ended
	written atomic.Int64
	lost    atomic.Int64 // messages that there was no room for, and nobody was told of
}

// message is a message that waits, until done is closed.
type message struct {
	text []byte
	done chan struct{}
}

// newMessages returns messages to out. Their goroutine lasts as long as the
// process.
func newMessages(out io.Writer) *messages {
	m := &messages{out: out, queue: make(chan message, maxMessages)}
	go m.deliver()
	return m
}

// Write writes one message. It never fails: there is nobody to be told.
func (m *messages) Write(text []byte) (int, error) {
	one := message{bytes.Clone(text), make(chan struct{})}
	select {
	case m.queue <- one:
	default:
		m.lost.Add(1)
		return len(text), nil
	}
	if m.stalled.Load() {
		return len(text), nil
	}
	late := time.NewTimer(messagePatience)
	defer late.Stop()
	select {
	case <-one.done:
	case <-late.C:
		m.stalled.Store(true)
	}
	return len(text), nil
}

// deliver is the goroutine that writes.
func (m *messages) deliver() {
	for one := range m.queue {
		_, _ = m.out.Write(one.text)
		if len(m.queue) == 0 {
			if n := m.lost.Swap(0); n > 0 {
				fmt.Fprintf(m.out, "socktrace: %s %s left out\n", plural.Of(n, "message"), plural.Verb(n, "was", "were"))
			}
		}
		m.written.Add(1)
		m.stalled.Store(false)
		close(one.done)
	}
}

// flush waits until all is written, and reports whether it is: it gives up when
// the output takes nothing.
func (m *messages) flush() bool {
	tick := time.NewTicker(messageGrace)
	defer tick.Stop()
	return m.flushed(tick.C)
}

// flushed is flush, which gives up when nothing was written from one tick to the
// next.
func (m *messages) flushed(tick <-chan time.Time) bool {
	last, end := m.written.Load(), message{done: make(chan struct{})}
	go func() { m.queue <- end }() // when there is room
	for {
		select {
		case <-end.done:
			return true
		case <-tick:
		}
		now := m.written.Load()
		if now == last {
			return false
		}
		last = now
	}
}
