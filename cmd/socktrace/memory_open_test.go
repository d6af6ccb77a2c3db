//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// openConns is how many exchanges are open at once.
const openConns = 10_000

// longChats are exchanges with a body of size bytes each: JSON values, frames,
// and an archive.
func longChats(size int) []chat {
	answer := func(contentType, piece string) []byte {
		return []byte("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nContent-Length: 1000000000\r\n\r\n" + strings.Repeat(piece, size/len(piece)))
	}
	return []chat{
		{cliRequest("GET", "/v1.48/events", ""), answer("application/json", `{"status":"start","id":"`+strings.Repeat("x", 200)+`","Type":"container"}`+"\n")},
		{cliRequest("GET", "/v1.48/containers/x/logs", ""), answer("application/vnd.docker.multiplexed-stream", "\x01\x00\x00\x00\x00\x00\x00\x64"+strings.Repeat("l", 99)+"\n")},
		{cliRequest("GET", "/v1.48/images/x/get", ""), answer("application/x-tar", strings.Repeat("\x00tar", 128))},
	}
}

// writeOpen writes a capture of n connections with an exchange each that does not
// end: their packets take turns.
func writeOpen(w io.Writer, n int, chats []chat) error {
	g := &capturer{w: bufio.NewWriterSize(w, 256<<10), chats: chats, now: 1795288868e6}
	g.begin()
	conns := make([]capturedConn, n)
	for i := range conns {
		g.open(&conns[i])
	}
	for busy := true; busy; {
		busy = false
		for i := range conns {
			c := &conns[i]
			if c.turns > 0 && len(c.left[1]) == 0 {
				continue
			}
			g.step(c)
			busy = true
		}
	}
	return g.w.Flush()
}

// TestMemoryOfOpen has many exchanges open at once, with long bodies, and looks
// how much memory the program ever had, with each of the sinks: never more than
// --max-memory is by itself.
func TestMemoryOfOpen(t *testing.T) {
	size := 48 << 10
	if testing.Short() {
		size = 12 << 10
	}
	chats := longChats(size)
	for args, limit := range map[string]int64{
		"-o {dir}/x.txt": 256, "-f compact -o {dir}/x.txt": 256, "-f jsonl -o {dir}/x.jsonl": 256,
		"-q --har {dir}/x.har": 256, "-q --pcapng {dir}/x.pcapng": 128,
	} {
		t.Run(args, func(t *testing.T) {
			var in io.WriteCloser
			all := append([]string{"read", "-"}, strings.Fields(strings.ReplaceAll(args, "{dir}", t.TempDir()))...)
			p := socktrace(t, func(c *exec.Cmd) {
				var err error
				if in, err = c.StdinPipe(); err != nil {
					t.Fatal(err)
				}
			}, all...)
			if err := writeOpen(in, openConns, chats); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Second) // time for lines that say what is open, and provisional entries
			checkPeak(t, p, limit<<20)
			if err := in.Close(); err != nil {
				t.Fatal(err)
			}
			got := p.end()
			check(t, "status", got.status, "exit status 0")
			want := fmt.Sprintf("%d connections, %d exchanges (%d unfinished)", openConns, openConns, openConns)
			switch {
			case strings.Contains(args, "jsonl"): // it has no summary
			case strings.Contains(got.err+outputEnd(t, all), want):
			default:
				t.Errorf("no %q in %q", want, got.err)
			}
		})
	}
}

// outputEnd returns the end of the file that -o names, empty if there is none.
func outputEnd(t *testing.T, args []string) string {
	t.Helper()
	for i, a := range args {
		if a != "-o" {
			continue
		}
		f, err := os.Open(filepath.Clean(args[i+1]))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		end := make([]byte, min(info.Size(), 4<<10))
		if _, err := f.ReadAt(end, info.Size()-int64(len(end))); err != nil {
			t.Fatal(err)
		}
		return string(end)
	}
	return ""
}
