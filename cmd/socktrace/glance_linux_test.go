package main

import (
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// TestScreenAnswer: on a terminal an answer is seen while its exchange goes on, and
// is one line with what it says if that comes at once.
func TestScreenAnswer(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8")
	upstream := fakeDaemon(t, func(c net.Conn) {
		if _, err := c.Read(make([]byte, 1000)); err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Id\":\"abc\"}")
		if _, err := c.Read(make([]byte, 1000)); err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
		_, _ = io.Copy(io.Discard, c)
	})
	path := filepath.Join(shortDir(t), "s.sock")
	s := onScreen(t, testedProgram(t), "listen", "--color", "never", "--listen", "unix://"+path, "--upstream", "unix://"+upstream)
	s.out.await(t, "listening on unix://"+path)
	c := dialUnix(t, path)
	if _, err := io.WriteString(c, "POST /v1.41/containers/create?name=x HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	s.out.await(t, `{"Id": "abc"}`)
	if _, err := io.WriteString(c, "GET /v1.41/events HTTP/1.1\r\nHost: d\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	s.out.await(t, "1.2    < 200 OK") // the daemon says no more
	shown := s.out.String()
	for _, want := range []string{"── 1.1 ContainerCreate ", "1.1    > POST /v1.41/containers/create?name=x\r\n", "1.1    < 200 OK · ", "── 1.2 SystemEvents ─"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not on the screen:\n%s", want, shown)
		}
	}
	if strings.Contains(shown, "Host: d") || strings.Contains(shown, "* open") {
		t.Errorf("what says nothing is shown:\n%s", shown)
	}
}

// TestDemoScreen: the first screen of the demo has at least four exchanges whole.
func TestDemoScreen(t *testing.T) {
	got := onScreen(t, testedProgram(t), "demo", "--color", "never").end()
	lines := strings.Split(got.out, "\r\n")
	asked, answered := map[string]bool{}, 0
	for _, line := range lines[:min(len(lines), 40)] {
		number, rest, _ := strings.Cut(line, " ")
		switch rest = strings.TrimLeft(rest, " "); {
		case strings.HasPrefix(rest, "> "):
			asked[number] = true
		case strings.HasPrefix(rest, "< ") && asked[number]:
			answered++
			delete(asked, number)
		}
	}
	if answered < 4 {
		t.Errorf("%d exchanges are whole:\n%s", answered, strings.Join(lines[:min(len(lines), 40)], "\n"))
	}
}
