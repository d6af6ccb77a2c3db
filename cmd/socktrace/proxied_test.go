//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// proxySecret is a password that a client tells a proxy.
const proxySecret = "hunter2secret"

const (
	proxiedRequest = "GET /v1.41/info HTTP/1.1\r\nHost: d\r\n\r\n"
	proxiedAnswer  = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n" + `{"Name":"inner"}`
)

// said is what one side says, and then the other, the client first.
type said []string

// proxied are connections that begin with what proxies say, and what is shown of
// each.
var proxied = []struct {
	said said
	text string
}{
	{said{"PROXY TCP4 192.0.2.1 198.51.100.7 4711 2375\r\n" + proxiedRequest, proxiedAnswer},
		"inside 1 by proxy  tcp://192.0.2.1:4711 → tcp://198.51.100.7:2375\n"},
	{said{"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x02\xc6\x33\x64\x07\x12\x67\x09\x47" + proxiedRequest, proxiedAnswer},
		"inside 3 by proxy  tcp://192.0.2.2:4711 → tcp://198.51.100.7:2375\n"},
	{said{"PROXY UNKNOWN\r\n" + proxiedRequest, proxiedAnswer}, "inside 5 by proxy\n"},
	{said{"\x05\x01\x02", "\x05\x02", "\x01\x04user\x0d" + proxySecret, "\x01\x00", "\x05\x01\x00\x03\x04host\x00\x50",
		"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", proxiedRequest, proxiedAnswer}, " → tcp://host:80\n"},
	{said{"\x04\x01\x00\x50\x00\x00\x00\x01\x00name\x00", "\x00\x5a\x00\x00\x00\x00\x00\x00", proxiedRequest, proxiedAnswer}, " → tcp://name:80\n"},
}

// TestProxiedAgrees records connections that begin with what proxies say: all
// recordings tell who their clients are, and none a password.
func TestProxiedAgrees(t *testing.T) {
	t.Parallel()
	r := recordingsIn(t.TempDir())
	talks := make(chan said, 1) // of the next connection
	l := listenWith(t, nil, fakeDaemon(t, func(c net.Conn) { (<-talks).answer(c) }), append([]string{"--show-secrets"}, r.flags()...)...)
	for i, p := range proxied {
		talks <- p.said
		c := l.dial()
		p.said.ask(t, c)
		c.Close()
		await(t, "the end of the connection", func() bool { return strings.Count(readFile(t, r.live), `{"event":"close"`) == 2*(i+1) })
	}
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
	checkAgree(t, r, "--show-secrets")
	for _, file := range []string{r.live, r.har, r.pcapng} {
		got := socktrace(t, nil, "read", "--color", "never", file).end()
		for _, p := range proxied {
			if !strings.Contains(got.out, p.text) {
				t.Errorf("%s: no %q in\n%s", filepath.Base(file), p.text, got.out)
			}
		}
		if file != r.pcapng && strings.Contains(readFile(t, file), proxySecret) || strings.Contains(got.out, proxySecret) {
			t.Errorf("%s shows the password", filepath.Base(file))
		}
	}
}

// TestProxiedCapture reads the same from a capture, in which it is looked at
// before it is known to be worth it.
func TestProxiedCapture(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	g := &capturer{w: bufio.NewWriter(&b), now: 1795288868e6}
	g.begin()
	for _, p := range append(proxied, struct {
		said said
		text string
	}{said: said{"PROXY UNKNOWN\r\nnot HTTP at all\r\n", "500"}}) {
		var c capturedConn
		g.open(&c)
		for i, s := range p.said {
			for piece := range slices.Chunk([]byte(s), 5) {
				g.send(&c, i%2, psh|ack, piece)
			}
		}
		g.shut(&c)
	}
	g.w.Flush()
	got := socktrace(t, func(c *exec.Cmd) { c.Stdin = &b }, "read", "-").end()
	check(t, "status", got.status, "exit status 0")
	for _, p := range proxied {
		if !strings.Contains(got.out, p.text) {
			t.Errorf("no %q in\n%s", p.text, got.out)
		}
	}
	if !strings.Contains(got.out, "5 connections, 5 exchanges") || !strings.Contains(got.out, "1 connection without HTTP") {
		t.Errorf("got\n%s", got.out)
	}
}

// ask says what a client says, and awaits the answers.
func (s said) ask(t *testing.T, c io.ReadWriter) {
	t.Helper()
	for i, text := range s {
		if i%2 == 0 {
			if _, err := io.WriteString(c, text); err != nil {
				t.Fatal(err)
			}
		} else if _, err := io.ReadFull(c, make([]byte, len(text))); err != nil {
			t.Fatal(err)
		}
	}
}

// answer is what the other side does.
func (s said) answer(c io.ReadWriter) {
	for i, text := range s {
		if i%2 == 1 {
			io.WriteString(c, text)
		} else if _, err := io.ReadFull(c, make([]byte, len(text))); err != nil {
			return
		}
	}
}
