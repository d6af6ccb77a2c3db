package main

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/socktrace/socktrace/internal/plural"
)

// maxHold bounds what is held back while a command has the terminal. The
// newest is kept: it says how the command ended.
const maxHold = 4 << 20

// holdPoll is how often a terminal that is not ours is looked at.
const holdPoll = 50 * time.Millisecond

// hold writes to a terminal, but not while a program has put it into raw mode:
// lines of a trace would tear its screen. They come when the program gives the
// terminal back.
type hold struct {
	tty  *os.File
	stop chan struct{}
	done chan struct{}

	mu     sync.Mutex
	held   [][]byte
	size   int
	late   int64  // lines that were ever held back
	lost   int64  // lines that maxHold cost
	notice []byte // of such lines, as far as it is not written
}

// newHold returns a hold before tty and starts its goroutine, which ends with
// Close.
func newHold(tty *os.File) *hold {
	h := &hold{tty: tty, stop: make(chan struct{}), done: make(chan struct{})}
	go h.watch()
	return h
}

// Write keeps b, or writes it at once. It reports b as written either way.
func (h *hold) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.held) == 0 && !isRaw(h.tty) {
		return h.tty.Write(b)
	}
	h.held = append(h.held, bytes.Clone(b))
	h.size += len(b)
	h.late += int64(bytes.Count(b, []byte("\n")))
	for h.size > maxHold && len(h.held) > 1 {
		h.size -= len(h.held[0])
		h.lost += int64(bytes.Count(h.held[0], []byte("\n")))
		h.held = h.held[1:]
	}
	return len(b), nil
}

// watch writes what is held back when the terminal is free again.
func (h *hold) watch() {
	defer close(h.done)
	tick := time.NewTicker(holdPoll)
	defer tick.Stop()
	for {
		select {
		case <-h.stop:
			return
		case <-tick.C:
			h.mu.Lock()
			if len(h.held) > 0 && !isRaw(h.tty) {
				_ = h.flush() // the next Write meets the same error and reports it
			}
			h.mu.Unlock()
		}
	}
}

// flush writes what is held back, and keeps what cannot be written. h.mu is held.
func (h *hold) flush() error {
	if h.lost > 0 {
		h.notice = fmt.Appendf(h.notice, "socktrace: %s %s missing here: the command had the terminal for too long\n", plural.Of(h.lost, "line"), plural.Verb(h.lost, "is", "are"))
		h.lost = 0
	}
	if len(h.notice) > 0 {
		n, err := h.tty.Write(h.notice)
		h.notice = h.notice[n:]
		if err != nil {
			return err
		}
	}
	for len(h.held) > 0 {
		n, err := h.tty.Write(h.held[0])
		h.size -= n
		if err != nil {
			h.held[0] = h.held[0][n:]
			return err
		}
		h.held = h.held[1:]
	}
	h.held = nil
	return nil
}

// lines returns how many lines were late.
func (h *hold) lines() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.late
}

// Close writes what is held back, whoever has the terminal.
func (h *hold) Close() error {
	close(h.stop)
	<-h.done
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flush()
}
