//go:build linux

package main

import (
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// some says that it depends on what else is held how often something is told.
const some = -1

// TestHostileUnharmed has peers exchange hostile traffic through the program, which
// records it in all ways: each gets every byte, the program stays within its memory, and
// says what is wrong, so many times on each connection.
func TestHostileUnharmed(t *testing.T) {
	shapes := map[string]*hostile{}
	for _, h := range hostileHTTP2() {
		shapes[h.name] = &h
	}
	for _, c := range []struct {
		shape, code string
		times       int
	}{
		{"HPACK bombs, many connections", "head-too-large", some},
		{"streams at once", "memory-spent", some},
		{"streams one after the other", "incomplete", 0},
		{"rapid resets", "incomplete", 0},
		{"CONTINUATION", "head-too-large", 1},
		{"CONTINUATION of nothing", "bad-http2", 1},
		{"GOAWAY", "goaway", 2},
		{"WebSockets in streams", "bad-http2", 0}, // whether there is memory for all of them is up to chance
		{"HTTP/2 in HTTP/2, as deep as it goes", "bad-http2", 0},
		{"a message of 4 GiB in bytes, many connections", "bad-grpc", 0}, // its client has left
		{"messages that are bombs of zstd, /a.B/C", "not-decoded", 2},
		{"messages of great depth", "bad-grpc", 0},
		{"unknown fields, many connections", "memory-spent", some},
		{"zeros in zstd", "not-decoded", 1},
		{"long names of 1 GiB", "bad-archive", 1},
		{"unsafe entries", "unsafe-archive", 3},
	} {
		t.Run(c.shape, func(t *testing.T) {
			t.Parallel()
			h := shapes[c.shape]
			if h == nil {
				t.Fatal("there is no such shape")
			}
			lines := exchangeHostile(t, h)
			if n := countAnomalies(lines, "decoder-panic"); n > 0 {
				t.Errorf("%d decoders have failed", n)
			}
			if n := countAnomalies(lines, c.code); c.times == some && n == 0 || c.times != some && n != c.times*h.conns {
				t.Errorf("%s is told %d times on %d connections", c.code, n, h.conns)
			}
		})
	}
}

// exchangeHostile has peers exchange h, and returns the JSON lines of it.
func exchangeHostile(t *testing.T, h *hostile) string {
	var k talk
	h.talk(&k)
	up, down := k.said[0].String(), k.said[1].String()
	dir := t.TempDir()
	var peers sync.WaitGroup
	peers.Add(h.conns)
	daemon := fakeDaemon(t, func(c net.Conn) {
		defer peers.Done()
		exchangeAll(t, c, "the daemon", down, up)
	})
	l := listenTo(t, daemon, "-f", "jsonl", "--max-memory", "64M", "--har", filepath.Join(dir, "x.har"), "--pcapng", filepath.Join(dir, "x.pcapng"))
	for range h.conns {
		c := l.dial()
		peers.Go(func() { exchangeAll(t, c, "a client", up, down) })
	}
	peers.Wait()
	await(t, "the end of all connections", func() bool {
		closed := strings.Count(l.saved(), `{"event":"close"`)
		return closed >= h.conns && closed == strings.Count(l.saved(), `{"event":"open"`)
	})
	checkPeak(t, l.process, hostileMemory)
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
	return l.saved()
}

// exchangeAll sends all of says, and then no more, while it gets all of hears.
func exchangeAll(t *testing.T, c net.Conn, who, says, hears string) {
	var sent sync.WaitGroup
	sent.Go(func() {
		if _, err := io.WriteString(c, says); err != nil {
			t.Errorf("%s: %v", who, err)
		}
		if err := c.(*net.UnixConn).CloseWrite(); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	})
	got, err := io.ReadAll(c)
	if err != nil || string(got) != hears {
		t.Errorf("%s got %d bytes, which are not the %d that were sent; %v", who, len(got), len(hears), err)
	}
	sent.Wait()
}

// countAnomalies counts the events that tell a code.
func countAnomalies(lines, code string) (n int) {
	for line := range strings.Lines(lines) {
		if strings.HasPrefix(line, `{"event":"anomaly"`) && strings.Contains(line, `"code":"`+code+`"`) {
			n++
		}
	}
	return n
}
