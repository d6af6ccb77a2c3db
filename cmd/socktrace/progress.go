package main

import (
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"github.com/socktrace/socktrace/render"
)

// progress tells on a terminal how far a long file was read, and leaves
// nothing there. It is a reader of that file.
type progress struct {
	in   io.Reader
	out  io.Writer
	name string
	size int64
	// regular says that the file is one on disk.
	regular bool
	flush   func() // of the live output
	start   time.Time
	read    atomic.Int64
	stop    chan struct{}
	done    chan struct{} // closed when the terminal is clean
}

// How long a file must take to be read before progress is shown, and how often
// it is shown then.
const (
	progressAfter = time.Second
	progressEvery = 200 * time.Millisecond
)

// watch returns a progress for the file that in reads, to be closed. It shows
// nothing if the file has no size, if standard error is no terminal, or if the
// live output is on one.
func (t *trace) watch(name string, in io.Reader, info fs.FileInfo) *progress {
	p := &progress{in: in, out: t.tell, name: name, start: time.Now(), flush: t.book.Flush}
	p.regular = info != nil && info.Mode().IsRegular()
	if !p.regular || info.Size() == 0 || t.live != nil && t.out.terminal || !term.IsTerminal(int(t.stderr.Fd())) {
		return p
	}
	p.size = info.Size()
	p.stop, p.done = make(chan struct{}), make(chan struct{})
	go p.show()
	return p
}

// Read reads from the file. What was read of a pipe is shown before it waits
// for more.
func (p *progress) Read(b []byte) (int, error) {
	if !p.regular {
		p.flush()
	}
	n, err := p.in.Read(b)
	p.read.Add(int64(n))
	return n, err
}

// Close takes the line off the terminal.
func (p *progress) Close() {
	if p != nil && p.stop != nil {
		close(p.stop)
		<-p.done
	}
}

// show writes the line again and again until Close.
func (p *progress) show() {
	defer close(p.done)
	wait := time.NewTimer(progressAfter)
	defer wait.Stop()
	shown := false
	for {
		select {
		case <-p.stop:
			if shown {
				fmt.Fprint(p.out, "\r\x1b[K")
			}
			return
		case <-wait.C:
			fmt.Fprint(p.out, "\r\x1b[K"+p.line(time.Since(p.start)))
			shown = true
			wait.Reset(progressEvery)
		}
	}
}

// line says how far it is after some time.
func (p *progress) line(elapsed time.Duration) string {
	read := p.read.Load()
	rate := float64(read) / elapsed.Seconds()
	left := "…"
	if rate > 0 {
		left = time.Duration(float64(p.size-read) / rate * float64(time.Second)).Round(time.Second).String()
	}
	return fmt.Sprintf("socktrace: %s: %s of %s (%d %%), %s/s, %s left", render.Escaped(p.name), render.Size(read), render.Size(p.size),
		read*100/p.size, render.Size(int64(rate)), left)
}
