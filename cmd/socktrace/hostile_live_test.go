//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestMemoryOfHeldHeads has a client send requests that are answered when all have
// come: the daemon gets them, and the client its answers, byte by byte; the program
// stays within its memory, pairs them, and says what it has cut.
func TestMemoryOfHeldHeads(t *testing.T) {
	const n, size = 90, 1_000_000
	request := func(i int) string { return fmt.Sprintf("GET /%d HTTP/1.1\r\n%s\r\n", i, fieldOf(size)) }
	answer := func(i int) string { return fmt.Sprintf("HTTP/1.1 200 OK\r\nX-N: %d\r\nContent-Length: 2\r\n\r\nok", i) }
	daemon := fakeDaemon(t, func(c net.Conn) {
		r := bufio.NewReaderSize(c, 1<<20)
		for i := range n {
			want := request(i)
			if b := make([]byte, len(want)); !readsAll(r, b) || string(b) != want {
				t.Errorf("request %d is not what was sent", i)
				return
			}
		}
		for i := range n {
			_, _ = io.WriteString(c, answer(i))
		}
	})
	for _, format := range []string{"text", "compact", "jsonl"} {
		t.Run(format, func(t *testing.T) {
			l := listenTo(t, daemon, "-f", format, "--max-memory", fmt.Sprint(hostileMemory))
			c := l.dial()
			var want bytes.Buffer
			for i := range n {
				if _, err := io.WriteString(c, request(i)); err != nil {
					t.Fatal(err)
				}
				want.WriteString(answer(i))
			}
			got, err := io.ReadAll(c)
			if err != nil || !bytes.Equal(got, want.Bytes()) {
				t.Errorf("got %d bytes, want %d; %v", len(got), want.Len(), err)
			}
			checkPeak(t, l.process, hostileMemory)
			end := l.stop(syscall.SIGTERM)
			check(t, "status", end.status, "exit status 0")
			out := l.saved()
			if !strings.Contains(end.err+out, "the memory for what is held was spent: ") {
				t.Errorf("nothing is said of what was cut: %q", end.err)
			}
			if strings.Count(out, "memory-spent") < n/2 {
				t.Errorf("%d exchanges are marked", strings.Count(out, "memory-spent"))
			}
			if format == "jsonl" {
				checkPairs(t, l.file, n)
			}
		})
	}
}

// readsAll fills b from r.
func readsAll(r io.Reader, b []byte) bool {
	_, err := io.ReadFull(r, b)
	return err == nil
}

// checkPairs looks whether each of n exchanges in a file of JSON lines has its own
// answer. A few may have the beginning of it alone, if that is said: it depends on how
// fast the lines are written.
func checkPairs(t *testing.T, file string, n int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 1<<20)
	done, cut := 0, 0
	for {
		line, err := lines.ReadString('\n')
		if strings.HasPrefix(line, `{"event":"exchange"`) {
			own := strings.Contains(line, fmt.Sprintf(`["X-N","%d"]`, done))
			if !own && !strings.Contains(line, `"X-N"`) && strings.Contains(line, "memory-spent") {
				own, cut = true, cut+1
			}
			if !own || !strings.Contains(line, fmt.Sprintf(`"target":"/%d"`, done)) {
				t.Errorf("exchange %d: %.300s", done, line)
			}
			done++
		}
		if err != nil {
			break
		}
	}
	check(t, "exchanges", done, n)
	if cut > n/4 {
		t.Errorf("%d of %d answers are cut", cut, n)
	}
}
