//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nestedSecret is in the traffic that travels inside other traffic.
const nestedSecret = "c2VjcmV0c2VjcmV0"

// TestNestedAgrees records HTTP inside of tunnels and upgraded streams: all
// recordings tell it as it was seen, and secrets are masked there as elsewhere.
func TestNestedAgrees(t *testing.T) {
	for _, secrets := range []string{"--show-secrets=false", "--show-secrets"} {
		t.Run(secrets, func(t *testing.T) {
			t.Parallel()
			r := recordingsIn(t.TempDir())
			l := listenWith(t, nil, fakeDaemon(t, serveNested), append([]string{secrets}, r.flags()...)...)
			talkNested(t, l.dial(), "CONNECT inner:80 HTTP/1.1\r\n\r\n", http.MethodConnect)
			talkNested(t, l.dial(), "POST /relay HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: sock\r\n\r\n", http.MethodPost)
			await(t, "the end of all connections", func() bool { return strings.Count(readFile(t, r.live), `{"event":"close"`) == 4 })
			got := l.stop(syscall.SIGTERM)
			check(t, "status", got.status, "exit status 0")
			if secrets == "--show-secrets" { // the marks of placeholders are another each time
				checkAgree(t, r, secrets)
			}
			for _, file := range []string{r.live, r.har} {
				if shown := strings.Contains(readFile(t, file), nestedSecret); shown != (secrets == "--show-secrets") {
					t.Errorf("%s shows the secret: %t", filepath.Base(file), shown)
				}
			}
			for _, file := range []string{r.live, r.har, r.pcapng} {
				checkNestedText(t, file)
			}
		})
	}
}

// checkNestedText looks at what is read of file: what carries a connection is
// told before it, and its end behind that of what is inside.
func checkNestedText(t *testing.T, file string) {
	t.Helper()
	got := socktrace(t, nil, "read", "--color", "never", file).end()
	for _, order := range [][]string{
		{"1.1    > CONNECT inner:80", "inside 1.1 by connect", "> GET /v1.41/info", `{"Name": "inner"}`, "\n2      * closed", "\n1      * closed", "  105 B sent  106 B received"},
		{"3.1    > POST /relay", "inside 3.1 by sock", "> GET /v1.41/info", `{"Name": "inner"}`, "\n4      * closed", "\n3      * closed", "  136 B sent  159 B received"},
	} {
		rest := got.out
		for _, want := range order {
			_, behind, found := strings.Cut(rest, want)
			if !found {
				t.Fatalf("%s: no %q in its place in:\n%s", filepath.Base(file), want, got.out)
			}
			rest = behind
		}
	}
	if want := "2 connections, 4 exchanges, 241 bytes sent, 265 received"; !strings.Contains(got.out, want) {
		t.Errorf("%s: summed up as %s, want %s", filepath.Base(file), tail(got.out), want)
	}
}

// serveNested agrees to whatever is proposed, and answers requests inside.
func serveNested(c net.Conn) {
	in := bufio.NewReader(c)
	for q, err := http.ReadRequest(in); err == nil; q, err = http.ReadRequest(in) {
		answer := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n" + `{"Name":"inner"}`
		switch {
		case q.Method == http.MethodConnect:
			answer = "HTTP/1.1 200 OK\r\n\r\n"
		case q.Header.Get("Upgrade") != "":
			answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: sock\r\n\r\n"
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}

// talkNested opens a stream with head, and asks something inside.
func talkNested(t *testing.T, c *net.UnixConn, head, method string) {
	t.Helper()
	in := bufio.NewReader(c)
	inside := "GET /v1.41/info HTTP/1.1\r\nHost: inner\r\nX-Registry-Auth: " + nestedSecret + "\r\n\r\n"
	for _, ask := range []struct{ text, method string }{{head, method}, {inside, http.MethodGet}} {
		if _, err := io.WriteString(c, ask.text); err != nil {
			t.Fatal(err)
		}
		p, err := http.ReadResponse(in, &http.Request{Method: ask.method})
		if err != nil {
			t.Fatal(err)
		}
		if ask.text == inside {
			_, err = io.Copy(io.Discard, p.Body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
}
