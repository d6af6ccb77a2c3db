//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// replayed is a recording: what reads, what makes something, what cannot be sent again.
const replayed = `{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[
{"startedDateTime":"2026-01-01T00:00:00.000Z","time":1,"request":{"method":"GET","url":"http://docker/v1.41/info","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Host","value":"docker"}],"queryString":[],"headersSize":-1,"bodySize":0},
 "response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":12,"mimeType":"application/json","text":"{\"Name\":\"a\"}"},"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":1,"receive":0}},
{"startedDateTime":"2026-01-01T00:00:01.000Z","time":1,"request":{"method":"POST","url":"http://docker/v1.41/volumes/create","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Host","value":"docker"}],"queryString":[],"postData":{"mimeType":"application/json","text":"{\"Name\":\"v\"}"},"headersSize":-1,"bodySize":12},
 "response":{"status":201,"statusText":"Created","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":12,"mimeType":"application/json","text":"{\"Name\":\"v\"}"},"redirectURL":"","headersSize":-1,"bodySize":-1},"cache":{},"timings":{"send":0,"wait":1,"receive":0}},
{"startedDateTime":"2026-01-01T00:00:02.000Z","time":1,"request":{"method":"POST","url":"http://docker/v1.41/build?version=2","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Host","value":"docker"}],"queryString":[],"headersSize":-1,"bodySize":0},
 "response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","cookies":[],"headers":[],"content":{"size":0,"mimeType":"x"},"redirectURL":"","headersSize":-1,"bodySize":0},"cache":{},"timings":{"send":0,"wait":1,"receive":0}}
]}}`

// TestReplay: what is sent is said, or asked for; what came of it is told in each format.
func TestReplay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "then.har")
	if err := os.WriteFile(file, []byte(replayed), 0o600); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.har")
	if err := os.WriteFile(cut, []byte(replayed[:strings.Index(replayed, "/build")]), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := fakeDaemon(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			answer := "200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"Name\":\"b\"}"
			if r.Method == "POST" {
				answer = "201 Created\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"Name\":\"v\"}"
			}
			if _, err := io.WriteString(c, "HTTP/1.1 "+answer); err != nil {
				return
			}
		}
	})
	const why = "it needs a session of BuildKit, which is not done again yet"
	missing := "unix://" + filepath.Join(t.TempDir(), "none.sock")
	for _, c := range []struct {
		name   string
		args   []string
		status string
		out    []string
		err    string
	}{
		{"a list", []string{"--dry-run", file}, "exit status 0", []string{
			"#1 GET /info  reads\n#2 POST /volumes/create  changes\n#3 POST /build?version=2  not sent: " + why + "\n2 requests, 1 of them changes the daemon; 1 not sent\n"}, ""},
		{"nobody to ask", []string{file}, "exit status 2", nil, "nothing was sent: there are 1 request that changes the daemon\n"},
		{"reads", []string{"--reads", "--pause", "0s", file}, "exit status 1", []string{"Name  a → b", "POST /volumes/create  #2  it changes the daemon", "1 exchange differs; none is the same, 2 not compared"}, ""},
		{"all", []string{"--yes", "--pause", "0s", file}, "exit status 1", []string{"Name  a → b", why, "1 exchange differs; 1 is the same, 1 not compared"}, ""},
		{"what is ignored", []string{"--yes", "--pause", "0s", "--ignore", "Name", file}, "exit status 0", []string{"no difference: 2 are the same, 1 not compared"}, ""},
		{"JSON", []string{"--yes", "--pause", "0s", "-f", "json", file}, "exit status 1", []string{`"why": "` + why + `"`}, ""},
		{"Markdown", []string{"--yes", "--pause", "0s", "-f", "markdown", file}, "exit status 1", []string{"## Not compared", why}, ""},
		{"HTML", []string{"--yes", "--pause", "0s", "-f", "html", file}, "exit status 1", []string{"Not compared</h2>", why}, ""},
		{"what is cut", []string{"--dry-run", cut}, "exit status 2", []string{"#1 GET /info  reads\n#2 POST /volumes/create  changes\n2 requests"}, "cut short"},
		{"a filter", []string{"--dry-run", "--filter", `method == "GET"`, file}, "exit status 0", []string{"#1 GET /info  reads\n1 request, 0 of them change the daemon; 0 not sent\n"}, ""},
		{"no daemon", []string{"--yes", "--upstream", missing, file}, "exit status 2", nil, "none.sock: no such file or directory"},
		{"standard input", []string{"--yes", "-"}, "exit status 2", nil, "no regular file"},
		{"no file", []string{"--yes", file + "x"}, "exit status 2", nil, "no such file"},
		{"no recording", []string{"--yes", "replay_test.go"}, "exit status 2", nil, "replay_test.go"},
		{"no patience", []string{"--yes", "--patience", "0s", file}, "exit status 2", nil, "--patience 0s: nothing is that fast"},
		{"nothing that can be sent", []string{"--yes", "--filter", `path contains "build"`, file}, "exit status 2", []string{why}, "nothing of it can be sent"},
		{"two files", []string{file, file}, "exit status 2", nil, "2 files, not one"},
		{"over itself", []string{"--yes", "--har", file, file}, "exit status 2", nil, "would be written over while it is read"},
	} {
		args := append([]string{"replay"}, c.args...)
		got := socktrace(t, environ("DOCKER_HOST=unix://"+strings.TrimPrefix(daemon, "unix://")), args...).end()
		check(t, c.name+": status", got.status, c.status)
		for _, want := range c.out {
			if !strings.Contains(got.out, want) {
				t.Errorf("%s: %q is not in\n%s%s", c.name, want, got.out, got.err)
			}
		}
		if !strings.Contains(got.err, c.err) {
			t.Errorf("%s: %q is not in\n%s", c.name, c.err, got.err)
		}
	}
}
