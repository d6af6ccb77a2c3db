//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

// TestHostilePeers plays peers that break the rules. Whatever they send, the
// other side gets exactly that, the memory stays small, and other connections
// are traced as ever.
func TestHostilePeers(t *testing.T) {
	t.Parallel()
	garbage := make([]byte, 1<<20)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(garbage)
	const get = "GET /containers/json HTTP/1.1\r\nHost: docker\r\n\r\n"
	const attach = "POST /containers/x/attach?stream=1 HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n"
	const upgraded = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
	for _, test := range []struct {
		name              string
		request, response string
		anomaly           string // empty: none
		exchange          string // the first; empty: none
	}{
		{"garbage from the daemon", get, string(garbage), "answer-not-found", "GET ContainerList 0 partial"},
		{"garbage from the client", string(garbage), "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "not-http", ""},
		{"head of 10 MB", "GET /containers/json HTTP/1.1\r\nX: " + strings.Repeat("x", 10<<20) + "\r\n\r\n", pingResponse, "head-too-large", ""},
		{"line of 10 MB", strings.Repeat("G", 10<<20), pingResponse, "not-http", ""},
		{"a million fields", get, "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 1_000_000) + "\r\n", "head-too-large", "GET ContainerList 0 partial"},
		{"chunk of 2^64", get, chunked + "10000000000000000\r\nx", "bad-chunk-size", "GET ContainerList 200 aborted"},
		{"chunk of 2^63-1", get, chunked + "7fffffffffffffff\r\nx", "incomplete", "GET ContainerList 200 aborted"},
		{"length of 2^64", get, "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\nx", "bad-content-length", "GET ContainerList 200 done"},
		{"frame of 4 GiB", attach, upgraded + "\x01\x00\x00\x00\xff\xff\xff\xff" + strings.Repeat("y", 1<<20), "incomplete", "POST ContainerAttach 101 done"},
		{"no frames", attach, upgraded + string(garbage), "mislabelled", "POST ContainerAttach 101 done"},
		{"endless JSON value", get, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + strings.Repeat("[", 20<<20), "", "GET ContainerList 200 done"},
		{"escape sequences", get, "HTTP/1.1 200 \x1b[2J\r\nX: \x1b]0;x\x07\r\nContent-Length: 0\r\n\r\n", "bad-field", "GET ContainerList 200 done"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			arrived := make(chan string, 1)
			daemon := fakeDaemon(t, func(c net.Conn) {
				first := make([]byte, 16)
				if _, err := io.ReadFull(c, first); err != nil {
					return
				}
				if strings.HasPrefix(string(first), "GET /_ping") {
					_, _ = io.ReadFull(c, make([]byte, len(pingRequest)-len(first)))
					_, _ = io.WriteString(c, pingResponse)
					pong(c)
					return
				}
				rest := make([]byte, len(test.request)-len(first))
				_, _ = io.ReadFull(c, rest)
				arrived <- string(first) + string(rest)
				_, _ = io.WriteString(c, test.response)
			})
			l := listenTo(t, daemon, "-f", "jsonl")
			beside := l.dial()
			ping(t, beside)
			c := l.dial()
			if _, err := io.WriteString(c, test.request); err != nil {
				t.Fatal(err)
			}
			if <-arrived != test.request {
				t.Error("the daemon got something else")
			}
			if got, err := io.ReadAll(c); err != nil || string(got) != test.response {
				t.Errorf("the client got %d bytes of %d, or others: %v", len(got), len(test.response), err)
			}
			ping(t, beside)
			await(t, "the end of the connection", func() bool { return strings.Contains(l.saved(), `{"event":"close"`) })
			checkPeak(t, l.process, 64<<20)
			check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")

			all := parseEvents(t, l.saved())
			if got := all.anomalies(); test.anomaly == "" && len(got) > 0 || test.anomaly != "" && !slices.Contains(got, test.anomaly) {
				t.Errorf("anomalies %q, want %q", got, test.anomaly)
			}
			var odd []string
			for _, ev := range all.exchanges() {
				if !strings.Contains(ev, "SystemPing") {
					odd = append(odd, ev)
				}
			}
			if test.exchange != "" {
				check(t, "exchanges", strings.Join(odd, ", "), test.exchange)
			}
			check(t, "exchanges beside it", len(all.exchanges())-len(odd), 2)
			if len(all) > 2000 { // the peers' few reads are as many messages, not each line
				t.Errorf("%d events", len(all))
			}
		})
	}
}

// TestByteByByte sends everything one byte at a time: it arrives, and means
// the same.
func TestByteByByte(t *testing.T) {
	t.Parallel()
	const request = "POST /containers/create HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n" + `{"Image":"x\"y"}` + "\n"
	const response = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n" +
		"8;ext=1\r\n{\"Id\": \"\r\n4\r\nab\"}\r\n0\r\nTrailer: x\r\n\r\n"
	slowly := func(c net.Conn, text string) {
		for i := range len(text) {
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return
			}
			if i%8 == 0 {
				time.Sleep(time.Millisecond) // so that not all are read at once
			}
		}
	}
	daemon := fakeDaemon(t, func(c net.Conn) {
		_, _ = io.ReadFull(iotest.OneByteReader(c), make([]byte, len(request)))
		slowly(c, response)
	})
	l := listenTo(t, daemon, "-f", "jsonl")
	c := l.dial()
	go slowly(c, request)
	got, err := io.ReadAll(c)
	if err != nil || string(got) != response {
		t.Errorf("got %q, %v", got, err)
	}
	l.stop(syscall.SIGTERM)
	all := parseEvents(t, l.saved())
	ev := all.operation(t, "ContainerCreate")
	check(t, "request body", string(ev.Request.data()), `{"Image":"x\"y"}`+"\n")
	check(t, "response body", string(ev.Response.data()), `{"Id": "ab"}`)
	check(t, "state", ev.State, "done")
	check(t, "anomalies", len(all.anomalies()), 0)
}

// TestClientDies ends a client in the middle of its request.
func TestClientDies(t *testing.T) {
	t.Parallel()
	const request = "POST /images/load HTTP/1.1\r\nHost: docker\r\nContent-Length: 100\r\n\r\n0123456789"
	seen := make(chan string, 1)
	daemon := fakeDaemon(t, func(c net.Conn) {
		b, _ := io.ReadAll(c)
		seen <- string(b)
	})
	l := listenTo(t, daemon, "-f", "jsonl")
	c := l.dial()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	c.Close()
	select {
	case got := <-seen:
		check(t, "what the daemon got", got, request)
	case <-time.After(patience):
		t.Fatal("the daemon was not told that its client is gone")
	}
	await(t, "the end of the exchange", func() bool { return len(eventsIn(t, l.file).of("close")) == 1 })
	l.stop(syscall.SIGTERM)
	all := parseEvents(t, l.saved())
	check(t, "exchanges", strings.Join(all.exchanges(), ", "), "POST ImageLoad 0 aborted")
	check(t, "body", all.operation(t, "ImageLoad").Request.Incomplete, true)
	check(t, "anomalies", strings.Join(all.anomalies(), ", "), "incomplete")
}

// TestDaemonDies ends the daemon in the middle of its answer.
func TestDaemonDies(t *testing.T) {
	t.Parallel()
	const response = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\": 1}\r\n8\r\n{\"b\""
	daemon := fakeDaemon(t, func(c net.Conn) {
		_, _ = bufio.NewReader(c).ReadString('\n')
		_, _ = io.WriteString(c, response)
	})
	l := listenTo(t, daemon, "-f", "jsonl")
	c := l.dial()
	if _, err := io.WriteString(c, "GET /events HTTP/1.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	// A daemon that closes with our request unread resets the connection.
	if got, err := io.ReadAll(c); string(got) != response {
		t.Errorf("got %q, %v", got, err)
	}
	await(t, "the end of the exchange", func() bool { return len(eventsIn(t, l.file).of("close")) == 1 })
	l.stop(syscall.SIGTERM)
	all := parseEvents(t, l.saved())
	check(t, "exchanges", strings.Join(all.exchanges(), ", "), "GET SystemEvents 200 aborted")
	check(t, "first message", string(all.of("message")[0].JSON), `{"a":1}`)
	check(t, "anomalies", strings.Join(all.anomalies(), ", "), "incomplete")
}

// TestHalfClose ends the client's direction: the answer still comes.
func TestHalfClose(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, func(c net.Conn) {
		b, _ := io.ReadAll(c) // to the end of input
		time.Sleep(200 * time.Millisecond)
		_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\n\r\n%d bytes", len(b))
	})
	l := listenTo(t, daemon, "-f", "jsonl")
	c := l.dial()
	if _, err := io.WriteString(c, pingRequest); err != nil {
		t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if want := fmt.Sprintf("%d bytes", len(pingRequest)); err != nil || !bytes.HasSuffix(got, []byte(want)) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	l.stop(syscall.SIGTERM)
	check(t, "exchanges", strings.Join(parseEvents(t, l.saved()).exchanges(), ", "), "GET SystemPing 200 done")
}
