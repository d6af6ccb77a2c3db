//go:build unix

package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// shutOutput takes nothing until it is opened.
type shutOutput struct {
	syncBuffer
	begun chan struct{} // closed when a write waits
	once  sync.Once
	open  chan struct{}
}

func (s *shutOutput) Write(b []byte) (int, error) {
	s.once.Do(func() { close(s.begun) })
	<-s.open
	return s.syncBuffer.Write(b)
}

// TestMessages are written when Write returns, and in order.
func TestMessages(t *testing.T) {
	t.Parallel()
	var out syncBuffer
	m := newMessages(&out)
	want := ""
	for n := range 1000 {
		text := fmt.Sprintln("message", n)
		if n, err := m.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
		if want += text; out.String() != want {
			t.Fatalf("got %q", tail(out.String()))
		}
	}
	check(t, "flushed", m.flush(), true)
}

// TestMessagesStall holds nobody whose message the output does not take: not
// those that there is room for, nor others, nor the end. What is left out is
// counted.
func TestMessagesStall(t *testing.T) {
	t.Parallel()
	out := &shutOutput{begun: make(chan struct{}), open: make(chan struct{})}
	m := newMessages(out)
	_, _ = m.Write([]byte("held\n"))
	<-out.begun
	check(t, "stalled", m.stalled.Load(), true)
	for range maxMessages + 7 {
		_, _ = m.Write([]byte("waits\n"))
	}
	check(t, "flushed", m.flush(), false)
	close(out.open)
	want := "held\n" + strings.Repeat("waits\n", maxMessages) + "socktrace: 7 messages were left out\n"
	await(t, "all messages", func() bool { return len(out.String()) >= len(want) })
	checkLines(t, "messages", out.String(), want)
	_, _ = m.Write([]byte("later\n"))
	checkLines(t, "messages", out.String(), want+"later\n")
}

// TestFlush waits as long as the output takes something from one tick to the next.
func TestFlush(t *testing.T) {
	t.Parallel()
	for _, patient := range []bool{true, false} {
		out := gatedOutput(make(chan struct{}))
		m := newMessages(out)
		m.stalled.Store(true) // whoever writes does not wait
		for range 3 {
			_, _ = m.Write([]byte("waits\n"))
			m.stalled.Store(true)
		}
		await(t, "the first to be written", func() bool { return len(m.queue) == 2 })
		tick, flushed := make(chan time.Time), make(chan bool, 1)
		go func() { flushed <- m.flushed(tick) }()
		await(t, "the end to wait", func() bool { return len(m.queue) == 3 }) // behind two
		out <- struct{}{}
		await(t, "a message", func() bool { return m.written.Load() == 1 })
		tick <- time.Time{} // one was written since the last
		if patient {
			close(out)
			check(t, "flushed", <-flushed, true)
			continue
		}
		tick <- time.Time{}
		select {
		case got := <-flushed:
			check(t, "flushed", got, false)
		case tick <- time.Time{}:
			t.Error("it waits for what does not move")
		}
		close(out)
	}
}

// gatedOutput takes one text for each that is sent to it, and all when it is closed.
type gatedOutput chan struct{}

func (g gatedOutput) Write(b []byte) (int, error) {
	<-g
	return len(b), nil
}

// TestMessagesLost tells of what was left out when all else is written: behind it.
func TestMessagesLost(t *testing.T) {
	t.Parallel()
	out := &shutOutput{begun: make(chan struct{}), open: make(chan struct{})}
	m := newMessages(out)
	m.stalled.Store(true) // whoever writes does not wait
	_, _ = m.Write([]byte("held\n"))
	<-out.begun
	for range maxMessages + 1 {
		_, _ = m.Write([]byte("waits\n"))
	}
	close(out.open)
	want := "held\n" + strings.Repeat("waits\n", maxMessages) + "socktrace: 1 message was left out\n"
	await(t, "all messages", func() bool { return len(out.String()) >= len(want) })
	checkLines(t, "messages", out.String(), want)
}
