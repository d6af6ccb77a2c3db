//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// manyFrames are 10 MB, more than a pipe and the spools of the tests hold.
const manyFrames = 100_000

// TestRecordingStalls records to a pipe that nobody reads: the traffic goes on,
// and so do others that connect. Then the pipe is read: what is missing is
// marked, and summed up at the end.
func TestRecordingStalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ flag, leftOut string }{{"--har", "entries"}, {"--pcapng", "packets"}} {
		t.Run(c.flag, func(t *testing.T) {
			t.Parallel()
			r, prepare := stdoutPipe(t)
			l := listenWith(t, prepare, fakeDaemon(t, frames), "-q", c.flag, "-", "--spool", "2M")
			l.Stdout.(*os.File).Close() // ours; the program has its own
			first := l.dial()
			answers := bufio.NewReader(first)
			readSome(t, first, answers, 1) // it is in the recording
			readSome(t, first, answers, manyFrames)
			other := l.dial()
			readSome(t, other, bufio.NewReader(other), 1)

			recording := make(chan []byte)
			var taken atomic.Int64
			go func() {
				var b bytes.Buffer
				_, _ = io.Copy(&b, io.TeeReader(r, counter{&taken}))
				recording <- b.Bytes()
			}()
			await(t, "room in the spool", func() bool { return taken.Load() > 1<<20 })
			for range 100 { // there is room for some of them
				readSome(t, first, answers, 1)
			}
			first.Close()
			other.Close()
			got := l.stop(syscall.SIGTERM)
			check(t, "status", got.status, "exit status 0")
			sum := regexp.MustCompile(`\nsocktrace: standard output was too slow: (\d+) ` + c.leftOut + ` with \d+ bytes were left out \(--spool SIZE keeps more\)\n`)
			lost := sum.FindStringSubmatch(got.err)
			if lost == nil {
				t.Fatalf("stderr %q", got.err)
			}
			name := filepath.Join(t.TempDir(), "recording")
			if err := os.WriteFile(name, <-recording, 0o600); err != nil {
				t.Fatal(err)
			}
			read := socktrace(t, nil, "read", "-f", "jsonl", name).end()
			check(t, "status", read.status, "exit status 0")
			checkGap(t, c.flag, parseEvents(t, read.out), read.err, lost[1])
		})
	}
}

// counter counts what is written to it.
type counter struct{ n *atomic.Int64 }

func (c counter) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return len(b), nil
}

// checkGap checks what is read of a recording of TestRecordingStalls.
func checkGap(t *testing.T, flag string, all events, stderr, lost string) {
	t.Helper()
	done := all.of("exchange")
	if len(done) < 3 || done[0].State != "done" || done[0].Streams["stdout"].Frames != 1 {
		t.Fatalf("exchanges: %+v", done)
	}
	if flag == "--har" {
		marked := int64(0)
		for _, mark := range all.of("dropped") {
			marked += mark.Events
		}
		check(t, "entries that marks stand for", fmt.Sprint(marked), lost)
		return
	}
	if want := "socktrace: " + lost + " packets more had been left out of the capture when it was made\n"; !strings.Contains(stderr, want) {
		t.Errorf("stderr %q, want %q", stderr, want)
	}
	gaps := 0
	for _, a := range all.of("anomaly") {
		if a.Code == "lost" && a.Conn == 1 {
			gaps++
		}
	}
	if gaps == 0 {
		t.Errorf("no gap in connection 1; anomalies: %+v", all.of("anomaly"))
	}
}

func readSome(t *testing.T, c net.Conn, r *bufio.Reader, many int) {
	t.Helper()
	if err := readFrames(c, r, many); err != nil {
		t.Fatal(err)
	}
}

// TestRecordingNeverRead ends although nobody ever reads the recording, which is
// a named pipe.
func TestRecordingNeverRead(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--har", "--pcapng"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			pipe := fifo(t)
			reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // for reading alone it would wait
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			l := listenWith(t, nil, fakeDaemon(t, frames), "-q", flag, pipe, "--spool", "1M")
			c := l.dial()
			readSome(t, c, bufio.NewReader(c), manyFrames)
			other := l.dial()
			readSome(t, other, bufio.NewReader(other), 1)
			got := l.stop(syscall.SIGTERM)
			check(t, "status", got.status, "exit status 0")
			for _, want := range []string{
				"\nsocktrace: " + pipe + " does not move: its end was not written\n",
				"\nsocktrace: " + pipe + " was too slow: ",
			} {
				if !strings.Contains(got.err, want) {
					t.Errorf("stderr %q without %q", got.err, want)
				}
			}
		})
	}
}

// TestReadWaits turns a recording into another one, which a slow reader takes:
// nothing is left out, however little may wait.
func TestReadWaits(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "all.pcapng")
	l := listenWith(t, nil, fakeDaemon(t, frames), "-q", "--pcapng", name)
	c := l.dial()
	readSome(t, c, bufio.NewReader(c), manyFrames)
	c.Close()
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")

	r, prepare := stdoutPipe(t)
	p := socktrace(t, prepare, "read", "-q", "--har", "-", "--spool", "1k", name)
	p.Stdout.(*os.File).Close()
	copied := filepath.Join(t.TempDir(), "copy.har")
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, b, 0o600); err != nil {
		t.Fatal(err)
	}
	check(t, "status", p.end().status, "exit status 0")
	again := socktrace(t, nil, "read", "-f", "jsonl", copied).end()
	all := parseEvents(t, again.out)
	check(t, "frames", all.operation(t, "ContainerLogs").Streams["stdout"].Frames, manyFrames)
	check(t, "marks", len(all.of("dropped")), 0)
}
