//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// stdoutPipe lets a test be the reader of standard output.
func stdoutPipe(t testing.TB) (*os.File, func(*exec.Cmd)) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, func(c *exec.Cmd) { c.Stdout = w }
}

// TestOutputClosed is "socktrace listen | head -1": who is connected is served
// to the end, then the program goes, quietly.
func TestOutputClosed(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "compact", "jsonl"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			r, prepare := stdoutPipe(t)
			l := listenWith(t, prepare, fakeDaemon(t, pong), "-f", format)
			l.Stdout.(*os.File).Close() // ours; the program has its own
			c := l.dial()
			ping(t, c)
			first := l.dial() // for the compact format, whose lines come at the end of an exchange
			ping(t, first)
			if _, err := bufio.NewReaderSize(r, 16).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			shut(r)
			await(t, "no more connections", func() bool {
				if tryPing(c) != nil { // what it shows of this meets the closed pipe
					t.Fatal("an open connection was cut")
				}
				more, err := net.Dial("unix", l.path)
				if err == nil {
					more.Close()
				}
				return err != nil
			})
			for range 1000 {
				ping(t, c)
			}
			select {
			case <-l.done:
				t.Fatal("it ended before its clients did")
			default:
			}
			c.Close()
			first.Close()
			got := l.end()
			check(t, "status", got.status, "exit status 0")
			if strings.Count(got.err, "\n") != 2 { // where it listens, and what to try
				t.Errorf("stderr %q", got.err)
			}
			if _, err := os.Lstat(l.path); !os.IsNotExist(err) {
				t.Errorf("the socket is still there: %v", err)
			}
		})
	}
}

// frames is a daemon that answers a request for logs with as many frames as it
// asks for. It counts them from 0 for each connection.
func frames(c net.Conn) {
	r := bufio.NewReader(c)
	for n := 0; ; {
		many := 0
		for line := ""; line != "\r\n"; {
			var err error
			if line, err = r.ReadString('\n'); err != nil {
				return
			}
			_, _ = fmt.Sscanf(line, logsRequestLine, &many)
		}
		w := bufio.NewWriterSize(c, 32<<10)
		fmt.Fprint(w, "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n",
			"Content-Length: ", many*frameSize, "\r\n\r\n")
		for range many {
			fmt.Fprintf(w, "\x01\x00\x00\x00\x00\x00\x00\x64%099d\n", n)
			n++
		}
		if w.Flush() != nil {
			return
		}
	}
}

const (
	frameSize       = 8 + 100
	logsRequestLine = "GET /v1.45/containers/x/logs?stdout=1&tail=%d HTTP/1.1\r\n"
)

// readFrames asks frames, and reads the answer.
func readFrames(c net.Conn, r *bufio.Reader, many int) error {
	if _, err := fmt.Fprintf(c, logsRequestLine+"Host: docker\r\n\r\n", many); err != nil {
		return err
	}
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = r.ReadString('\n'); err != nil {
			return err
		}
	}
	_, err := io.CopyN(io.Discard, r, int64(many)*frameSize)
	return err
}

// TestOutputStalls reads nothing of the output while much traffic passes: the
// traffic goes on. Then it reads: what was left out is marked in its place, and
// summed up at the end.
func TestOutputStalls(t *testing.T) {
	t.Parallel()
	const many = 200_000 // 20 MB, much more than pipe and queue hold
	r, prepare := stdoutPipe(t)
	l := listenWith(t, prepare, fakeDaemon(t, frames), "-f", "jsonl")
	l.Stdout.(*os.File).Close()
	c := l.dial()
	answers := bufio.NewReader(c)
	if err := readFrames(c, answers, many); err != nil { // nobody reads the output
		t.Fatal(err)
	}
	enough := make(chan struct{})
	stopped := make(chan struct{})
	go func() { // small answers, until one of them is seen
		defer close(stopped)
		for {
			select {
			case <-enough:
				_ = l.Process.Signal(syscall.SIGINT)
				return
			case <-time.After(10 * time.Millisecond):
				if err := readFrames(c, answers, 1); err != nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	seen := readStalled(t, r, enough)
	<-stopped
	got := l.end()
	check(t, "status", got.status, "exit status 0")
	want := fmt.Sprintf("socktrace: the output was too slow: %d events with %d bytes were left out (-o FILE gets all)\n", seen.Events, seen.Bytes)
	if !strings.HasSuffix(got.err, want) {
		t.Errorf("stderr %q does not end in %q", got.err, want)
	}
}

// readStalled reads the output of TestOutputStalls, closes enough when a frame
// has come behind a mark, and returns the sum of all marks.
func readStalled(t testing.TB, output io.Reader, enough chan<- struct{}) event {
	t.Helper()
	var marks event
	next, after := 0, 0 // the frame that is next if none was left out; frames behind a mark
	for lines := bufio.NewReader(output); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var ev event
		if err := json.Unmarshal(line, &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		switch {
		case ev.Event == "dropped":
			marks.Events += ev.Events
			marks.Bytes += ev.Bytes
		case ev.Event != "message":
		case marks.Events == 0:
			if n, err := strconv.Atoi(strings.TrimSpace(ev.Text)); err != nil || n != next {
				t.Fatalf("frame %q where %d was due, and no mark before it", ev.Text, next)
			}
			next++
		default:
			if after++; after == 1 {
				close(enough)
			}
		}
	}
	if marks.Events == 0 || after == 0 || next == 0 {
		t.Errorf("%d frames, %d events left out, %d frames after that", next, marks.Events, after)
	}
	return marks
}

// TestOutputNeverRead ends although nobody ever reads its output.
func TestOutputNeverRead(t *testing.T) {
	t.Parallel()
	const many = 200_000
	r, prepare := stdoutPipe(t)
	defer r.Close()
	l := listenWith(t, prepare, fakeDaemon(t, frames))
	c := l.dial()
	if err := readFrames(c, bufio.NewReader(c), many); err != nil {
		t.Fatal(err)
	}
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	for _, want := range []string{
		"\nsocktrace: the output does not move: its end was not written\n",
		"\nsocktrace: the output was too slow: ",
		" were left out (-o FILE gets all)\n",
	} {
		if !strings.Contains(got.err, want) {
			t.Errorf("stderr %q without %q", got.err, want)
		}
	}
}

// TestOutputFile gets everything into a file, however much it is.
func TestOutputFile(t *testing.T) {
	t.Parallel()
	const many = 200_000
	l := listenTo(t, fakeDaemon(t, frames), "-f", "jsonl")
	c := l.dial()
	if err := readFrames(c, bufio.NewReader(c), many); err != nil {
		t.Fatal(err)
	}
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	all := parseEvents(t, l.saved())
	check(t, "messages", len(all.of("message")), many)
	check(t, "frames", all.operation(t, "ContainerLogs").Streams["stdout"].Frames, many)
	check(t, "dropped", len(all.of("dropped")), 0)
	check(t, "left out", strings.Contains(got.err, "left out"), false)
}

// TestOutputFull writes to a device that is full: it is said once, and the
// traffic goes on.
func TestOutputFull(t *testing.T) {
	t.Parallel()
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		need.Skip(t, full, err)
	}
	l := listenWith(t, nil, fakeDaemon(t, pong), "-o", full)
	c := l.dial()
	ping(t, c)
	const message = "socktrace: the live output ends here: "
	l.process.err.await(t, message)
	// Unlike a reader that has seen enough, a full disk does not end the trace:
	// it would take the daemon from its clients.
	for range 100 {
		ping(t, c)
	}
	c.Close()
	time.Sleep(100 * time.Millisecond) // for a listener that is about to close
	ping(t, l.dial())
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 1")
	check(t, "messages", strings.Count(got.err, message), 1)
	check(t, "reason", strings.Contains(got.err, full+": no space left on device\n"), true)
	checkEnd(t, got.err, fmt.Sprintf("socktrace: 2 connections, 102 exchanges, %d bytes sent, %d received\n"+
		"socktrace: the output lacks N events with N bytes, from there on\n", 102*len(pingRequest), 102*len(pingResponse)))
}

// numbers are what checkEnd does not compare.
var numbers = regexp.MustCompile(`lacks \d+ (\w+) with \d+ bytes`)

// checkEnd checks how messages end. How many events something lacks is N there.
func checkEnd(t testing.TB, got, want string) {
	t.Helper()
	got = numbers.ReplaceAllString(got, "lacks N $1 with N bytes")
	if !strings.HasSuffix(got, "\n"+want) {
		t.Errorf("stderr %q does not end in %q", got, want)
	}
}

// TestDisksFull has each output meet the end of the disk while it is written, live
// and from a recording: what is there is told, and what is not, with status 1.
func TestDisksFull(t *testing.T) {
	t.Parallel()
	const many = 2000
	for _, flag := range []string{"-o", "--har", "--pcapng"} {
		for _, live := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/live=%t", flag, live), func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "full")
				args := []string{"-f", "compact", flag, file}
				if flag != "-o" {
					args = append(args, "-q")
				}
				got := tracedPings(t, live, many, func(c *exec.Cmd) {
					c.Args = append([]string{"sh", "-c", `ulimit -f 100; trap "" XFSZ; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
					c.Path = "/bin/sh"
				}, args)
				check(t, "status", got.status, "exit status 1")
				check(t, "reason", strings.Contains(got.err, ": file too large\n"), true)
				check(t, "summary", strings.Contains(got.err, fmt.Sprintf("socktrace: 1 connection, %d exchanges, ", many)), true)
				if !live && flag == "--pcapng" || !live && flag == "--har" { // it would have taken its name when it was complete
					check(t, "that says so", strings.Contains(got.err, file+" was not made: "), true)
					if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); err != nil || len(left) > 0 {
						t.Errorf("%q is left, %v", left, err)
					}
					if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
						t.Errorf("the file: %v", err)
					}
					return
				}
				lacks := numbers.FindStringSubmatch(got.err)
				if lacks == nil {
					t.Errorf("stderr %q says nothing of what is missing", got.err)
				}
				if info, err := os.Stat(file); err != nil || info.Size() == 0 || info.Size() > 100<<10 {
					t.Errorf("%d bytes, %v", info.Size(), err)
				}
			})
		}
	}
}

// tracedPings returns how a trace of so many pings ends: a live one, or one of
// their recording.
func tracedPings(t *testing.T, live bool, many int, prepare func(*exec.Cmd), args []string) result {
	t.Helper()
	recorded := filepath.Join(t.TempDir(), "recorded.pcapng")
	l := (*listener)(nil)
	if live {
		l = listenWith(t, prepare, fakeDaemon(t, pong), args...)
	} else {
		l = listenWith(t, nil, fakeDaemon(t, pong), "-q", "--pcapng", recorded)
	}
	c := l.dial()
	for range many {
		ping(t, c)
	}
	c.Close()
	got := l.stop(syscall.SIGTERM)
	if live {
		return got
	}
	check(t, "status", got.status, "exit status 0")
	return socktrace(t, prepare, append(append([]string{"read"}, args...), recorded)...).end()
}
