//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// quietTrace returns a trace without outputs, and what it says.
func quietTrace(t *testing.T) (*trace, *syncBuffer) {
	t.Helper()
	said := new(syncBuffer)
	o := newOptions()
	o.quiet = true
	tr, err := newTrace(context.Background(), o, source{}, std{err: newMessages(said)})
	if err != nil {
		t.Fatal(err)
	}
	return tr, said
}

// closedFile returns a file that is not open any more.
func closedFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "closed"))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	return f
}

// pipe returns the ends of a pipe.
func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// shut closes a file so that nothing has it open: a program of another test that is just
// being started has all files of this process, until it runs.
func shut(f *os.File) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	f.Close()
}

// TestMoved: whatever is read or written, it is seen that something moves.
func TestMoved(t *testing.T) {
	tr, _ := quietTrace(t)
	last := tr.moved()
	check(t, "before anything", last, 0)
	moves := func(what string, by int64) {
		t.Helper()
		now := tr.moved()
		check(t, what, now-last, by)
		last = now
	}
	tap := tr.tap(&wire.Conn{ID: 1})
	moves("a connection", 1)
	say := func(dir wire.Dir, text string) {
		tap.Chunk(wire.Chunk{Dir: dir, Data: []byte(text)})
	}
	say(wire.ToServer, "GET / HTTP/1.1\r\nHost: d\r\n\r\n")
	say(wire.ToClient, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
	say(wire.ToClient, "OK")
	tap.End(time.Time{}, nil)
	c := tr.book.Counts()
	check(t, "counts", c, flow.Counts{Connections: 1, Exchanges: 1, Bytes: [2]int64{27, 40}})
	moves("an exchange", 1+27+40)
	_, w := pipe(t)
	tr.out = &output{file: w}
	if _, err := tr.out.Write([]byte("12345")); err != nil {
		t.Fatal(err)
	}
	moves("the output", 5)
}

// TestEndsWithin is about a call that returns, and one that does not.
func TestEndsWithin(t *testing.T) {
	var called atomic.Bool
	check(t, "returns", endsWithin(patience, func() { called.Store(true) }), true)
	check(t, "was called", called.Load(), true)
	hangs := make(chan struct{})
	defer close(hangs)
	check(t, "hangs", endsWithin(time.Millisecond, func() { <-hangs }), false)
}

// TestSameFile compares what files are open on.
func TestSameFile(t *testing.T) {
	r, w := pipe(t)
	_, other := pipe(t)
	gone := closedFile(t)
	for _, c := range []struct {
		a, b *os.File
		want bool
	}{{r, w, true}, {w, w, true}, {w, other, false}, {w, gone, false}, {gone, w, false}, {gone, gone, false}} {
		check(t, fmt.Sprint(c.a.Name(), " and ", c.b.Name()), sameFile(c.a, c.b), c.want)
	}
}

// TestCloseOutput says what fails when the live output is closed, unless that has
// failed before, and what was late.
func TestCloseOutput(t *testing.T) {
	file := closedFile(t)
	fails := "socktrace: close " + file.Name() + ": file already closed\n"
	for _, c := range []struct {
		name         string
		out          *output
		gone, before bool
		want         string
		broken       bool
	}{
		{"fails", &output{file: file, owned: true}, false, false, fails, true},
		{"fails, and nobody looks", &output{file: file, owned: true}, true, false, "", false},
		{"has failed", &output{file: file, owned: true}, false, true, "", true},
		{"is not ours", &output{file: file}, false, false, "", false},
		{"was late", &output{file: file, hold: &hold{late: 3, stop: make(chan struct{}), done: closed()}}, false, false,
			"socktrace: 3 lines were held back while the command had the terminal (-o FILE shows them live)\n", false},
		{"was late, and fails", &output{file: file, owned: true, hold: &hold{tty: file, late: 1, lost: 1, stop: make(chan struct{}), done: closed()}}, false, false,
			"socktrace: write " + file.Name() + ": file already closed\n" +
				"socktrace: 1 line was held back while the command had the terminal (-o FILE shows them live)\n", true},
	} {
		var said bytes.Buffer
		tr := &trace{out: c.out, tell: &said, gone: make(chan struct{})}
		if c.gone {
			close(tr.gone)
		}
		tr.broken.Store(c.before)
		tr.closeOutput()
		check(t, c.name, said.String(), c.want)
		check(t, c.name+": broken", tr.broken.Load(), c.broken)
		check(t, c.name+": incomplete", tr.incomplete(), c.broken)
	}
}

// closed returns a channel that is closed.
func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// TestFailed says of each output that fails what that means.
func TestFailed(t *testing.T) {
	full := errors.New("disk full")
	for _, c := range []struct {
		name         string
		err          error
		want         string
		broken, lost bool
		gone, ruined bool
	}{
		{"x.har", full, "x.har ends here: disk full\n", false, true, false, true},
		{"-", full, "standard output ends here: disk full\n", false, true, false, true},
		{"x.har", fmt.Errorf("har: %w", &openfile.KeptError{Name: "x.har", Was: true, Err: full}), "har: x.har stays as it was: disk full\n", false, true, false, false},
		{"x.har", syscall.EPIPE, "x.har ends here: broken pipe\n", false, true, false, true},
		{"x.har", fmt.Errorf("x: %w", spool.ErrStalled), "x.har does not move: its end was not written\n", false, false, false, false},
		{"-", spool.ErrStalled, "standard output does not move: its end was not written\n", false, false, false, false},
		{flow.Masking, full, flow.Masking + " failed, what follows on a connection is not shown: disk full\n", false, true, false, true},
		{flow.Filtering, full, flow.Filtering + " failed, what it cannot decide is not shown: disk full\n", false, false, false, false},
		{liveOutput, full, "the live output ends here: disk full\n", true, false, false, false},
		{liveOutput, fmt.Errorf("x: %w", syscall.EPIPE), "", false, false, true, false},
	} {
		var said bytes.Buffer
		tr := &trace{warn: (&warner{&said}).warn, gone: make(chan struct{})}
		tr.failed(c.name, c.err)
		want := c.want
		if want != "" {
			want = "socktrace: " + want
		}
		what := c.name + ": " + c.err.Error()
		check(t, what, said.String(), want)
		_, ruined := tr.ruined.Load(c.name)
		check(t, what+": broken, lost, writable, ruined", [4]bool{tr.broken.Load(), tr.lost.Load(), tr.writable(), ruined},
			[4]bool{c.broken, c.lost, !c.broken && !c.gone, c.ruined})
		check(t, what+": incomplete", tr.incomplete(), c.broken || c.lost)
	}
}

// TestSumUp says what was seen where it is to be said, and what had no room anywhere.
func TestSumUp(t *testing.T) {
	const counts, packets = "socktrace: 0 connections, 0 exchanges, 0 bytes sent, 0 received\n", "socktrace: 1 packet\n"
	const spent = "socktrace: the memory for what is held was spent: 1 part cut, of 1000 bytes at least (--max-memory SIZE keeps more)\n"
	for _, c := range []struct {
		summary, gone, broken, small bool
		want                         string
	}{
		{true, false, false, false, counts + packets},
		{false, false, false, false, packets},
		{true, true, false, false, ""},
		{true, false, true, false, counts + packets},
		{false, false, true, false, counts + packets},
		{true, true, true, false, counts + packets},
		{true, true, false, true, spent},
	} {
		tr, _ := quietTrace(t)
		tr.summary = c.summary
		tr.packets.Packets = 1
		tr.broken.Store(c.broken)
		if c.gone {
			close(tr.gone)
		}
		if c.small {
			tr.memory = memory.New(10)
			a := memory.Of(tr.memory)
			a.Missed(1000)
		}
		var said bytes.Buffer
		tr.sumUp(&said)
		check(t, fmt.Sprintf("%+v", c), said.String(), c.want)
	}
}

// TestTellMissing says what the live output lacks, unless nobody looks.
func TestTellMissing(t *testing.T) {
	tr, _ := quietTrace(t)
	tr.out = &output{name: "the output"}
	tr.live = tr.book.Add(liveOutput, flow.NewBuffered(io.Discard, (&options{format: "jsonl"}).newSink(render.Options{})).Sink, flow.Delivery{})
	for _, broken := range []bool{false, true} {
		var said bytes.Buffer
		tr.tell = &said
		tr.broken.Store(broken)
		tr.tellMissing()
		want := ""
		if broken {
			want = "socktrace: the output lacks 0 events with 0 bytes, from there on\n"
		}
		check(t, fmt.Sprint("broken: ", broken), said.String(), want)
	}
	var said strings.Builder
	tr.tell = &said
	tr.tellStalled()
	check(t, "stalled", said.String(), "socktrace: the output does not move: its end was not written\n")
}

// TestTooSlow: who gave a file that was too slow is not told to give one.
func TestTooSlow(t *testing.T) {
	for owned, want := range map[bool]string{
		false: "the output was too slow: 2 events with 1 byte were left out (-o FILE gets all)",
		true:  "the output was too slow: 2 events with 1 byte were left out",
	} {
		check(t, fmt.Sprintf("owned %t", owned), tooSlow(&output{name: "the output", owned: owned}, 2, 1).Error(), want)
	}
}
