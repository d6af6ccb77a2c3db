//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// memoryLimit is what the program may need, whatever crosses; recordingLimit
// what it may need to record that too: the beginning of a body, and 1 MiB of
// messages, several times over while they become JSON; and what waits to be
// written, where a busy machine comes to that late (--spool).
const (
	memoryLimit    = 64 << 20
	recordingLimit = 96<<20 + 64<<20
)

// bulk returns how many bytes the memory tests move: enough to see that
// nothing grows, or, with SOCKTRACE_LONG set, as much as a large image has.
func bulk() int64 {
	switch {
	case os.Getenv("SOCKTRACE_LONG") != "":
		return 10 << 30
	case testing.Short():
		return 256 << 20
	}
	return 2 << 30
}

// block is 1 MiB that does not compress.
func block() []byte {
	b := make([]byte, 1<<20)
	_, _ = rand.NewChaCha8([32]byte{2}).Read(b)
	return b
}

// hauler is a daemon with much to say and to hear.
func hauler(c net.Conn) {
	r := bufio.NewReader(c)
	line, err := r.ReadString('\n')
	if err != nil {
		return
	}
	var length int64
	for field := ""; field != "\r\n"; {
		if field, err = r.ReadString('\n'); err != nil {
			return
		}
		if v, ok := strings.CutPrefix(field, "Content-Length: "); ok {
			length, _ = strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		}
	}
	switch path := strings.Fields(line)[1]; path {
	case "/images/load":
		if _, err := io.CopyN(io.Discard, r, length); err == nil {
			_, _ = io.WriteString(c, pingResponse)
		}
	case "/images/x/get":
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n")
		b := block()
		for n := bulk(); n > 0; n -= int64(len(b)) {
			_, _ = fmt.Fprintf(c, "%x\r\n", len(b))
			_, _ = c.Write(b)
			_, _ = io.WriteString(c, "\r\n")
		}
		_, _ = io.WriteString(c, "0\r\n\r\n")
	case "/events":
		stream(c, "application/json", `{"status":"start","id":"`+strings.Repeat("x", 200)+`","Type":"container","time":1795288868}`+"\n")
	case "/containers/x/logs":
		stream(c, "application/vnd.docker.multiplexed-stream", "\x01\x00\x00\x00\x00\x00\x00\x64"+strings.Repeat("l", 99)+"\n")
	case "/containers/tty/logs":
		stream(c, "application/vnd.docker.raw-stream", strings.Repeat("\x1b[31mred\x1b[0m ", 6)+"\r\n")
	case "/containers/y/logs": // frames much longer than is kept of one
		stream(c, "application/vnd.docker.multiplexed-stream", "\x02\x00\x00\x00\x04\x00\x00\x00"+strings.Repeat("l", 64<<20))
	}
}

// stream answers with many copies of a piece.
func stream(c net.Conn, contentType, piece string) {
	size := 256 << 20
	if testing.Short() {
		size = 32 << 20
	}
	_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n", contentType)
	b := []byte(strings.Repeat(piece, 1+(64<<10)/len(piece)))
	for n := 0; n < size; n += len(b) {
		if _, err := c.Write(b); err != nil {
			return
		}
	}
}

// TestMemory moves much through the program, and looks how much memory it ever
// had: a download and an upload of gigabytes, and endless streams.
func TestMemory(t *testing.T) {
	daemon := fakeDaemon(t, hauler)
	get := func(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: docker\r\n\r\n" }
	for _, format := range [][]string{{"-q"}, {"-o", os.DevNull}, {"-f", "compact", "-o", os.DevNull},
		{"-q", "--har", "{dir}/trace.har", "--har-max-size", "16M", "--pcapng", os.DevNull}} {
		for name, request := range map[string]string{
			"download":    get("/images/x/get"),
			"upload":      fmt.Sprintf("POST /images/load HTTP/1.1\r\nHost: docker\r\nContent-Length: %d\r\n\r\n", bulk()),
			"events":      get("/events"),
			"logs":        get("/containers/x/logs"),
			"terminal":    get("/containers/tty/logs"),
			"long frames": get("/containers/y/logs"),
		} {
			t.Run(strings.Join(format, " ")+" "+name, func(t *testing.T) {
				t.Parallel()
				dir, format := t.TempDir(), slices.Clone(format)
				for i, flag := range format {
					format[i] = strings.Replace(flag, "{dir}", dir, 1)
				}
				l := listenWith(t, nil, daemon, format...)
				c := l.dial()
				if _, err := io.WriteString(c, request); err != nil {
					t.Fatal(err)
				}
				if name == "upload" {
					upload(t, c)
				} else if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, 64<<10)); err != nil {
					t.Fatal(err)
				}
				limit := int64(memoryLimit)
				if slices.Contains(format, "--har") {
					limit = recordingLimit
				}
				checkPeak(t, l.process, limit)
				check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
			})
		}
	}
}

// upload sends the body of a request and reads the answer.
func upload(t testing.TB, c net.Conn) {
	t.Helper()
	b := block()
	for n := bulk(); n > 0; n -= int64(len(b)) {
		if _, err := c.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.ReadFull(c, make([]byte, len(pingResponse))); err != nil {
		t.Fatal(err)
	}
}

// TestMemoryOfRecording records many small exchanges: memory does not grow
// with their number.
func TestMemoryOfRecording(t *testing.T) {
	total := 50_000
	switch {
	case os.Getenv("SOCKTRACE_LONG") != "":
		total = 1_000_000
	case testing.Short():
		total = 5_000
	}
	for _, name := range []string{"trace.har", "trace.har.gz"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const together = 8
			file := filepath.Join(t.TempDir(), name)
			l := listenWith(t, nil, fakeDaemon(t, echoTarget), "-q", "--har", file)
			var clients sync.WaitGroup
			for w := range together {
				c := l.dial()
				if err := c.SetDeadline(time.Time{}); err != nil {
					t.Fatal(err)
				}
				clients.Go(func() { askTimes(t, c, w, total/together) })
			}
			clients.Wait()
			checkPeak(t, l.process, memoryLimit)
			got := l.stop(syscall.SIGTERM)
			check(t, "status", got.status, "exit status 0")
			if want := fmt.Sprintf("%s: %d entries", file, total); !strings.Contains(got.err, want) {
				t.Errorf("no %q in %q", want, got.err)
			}
		})
	}
}
