//go:build unix

package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// recordedSession is a recording of docker run.
const recordedSession = "../../servetest/testdata/session.har"

// TestServe: clients are answered and traced, what is missed is told at the end, and Ctrl-C
// ends it.
func TestServe(t *testing.T) {
	socket := filepath.Join(shortDir(t), "s.sock")
	har := filepath.Join(t.TempDir(), "again.har")
	for _, c := range []struct {
		check  bool
		target string
		want   string // of the client
		told   string
		status string
	}{
		{true, "/_ping", "200 OK", "socktrace: 1 request answered, 0 not recorded\n", "exit status 0"},
		{false, "/v1.41/images/json", "501 ", "socktrace: 0 requests answered, 1 not recorded\nsocktrace: GET /v1.41/images/json: not recorded: there is no ImageList\n", "exit status 0"},
		{true, "/v1.41/images/json", "501 ", "0 requests answered, 1 not recorded", "exit status 1"},
	} {
		args := []string{"serve", "-f", "compact", "--paths", "--har", har, "--listen", "unix://" + socket, recordedSession}
		if c.check {
			args = append(args, "--check")
		}
		p := socktrace(t, nil, args...)
		p.err.await(t, "serving "+recordedSession+" on unix://"+socket)
		answer, err := unixClient(socket).Get("http://d" + c.target)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if got := answer.Status[:4] + string(text); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", c.target, got)
		}
		end := p.stop(syscall.SIGINT)
		check(t, "status", end.status, c.status)
		if !strings.Contains(end.err, c.told) {
			t.Errorf("no %q in\n%s", c.told, end.err)
		}
		if !strings.Contains(end.out, c.target) || !strings.Contains(readFile(t, har), c.target) {
			t.Errorf("%s is not traced:\n%s", c.target, end.out)
		}
	}
}

// TestServeNonsense is refused, with what is wrong.
func TestServeNonsense(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	empty := write("empty.har", `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}`)
	session := readFile(t, recordedSession)
	cut := write("cut.har", session[:600])
	for _, c := range []struct {
		args   []string
		want   string
		status string
	}{
		{[]string{"serve"}, "serve: no file", "exit status 2"},
		{[]string{"serve", empty}, "no exchanges in " + empty, "exit status 1"},
		{[]string{"serve", cut}, cut + ": the file is cut short", "exit status 1"},
		{[]string{"serve", write("text", "hello")}, "neither HAR", "exit status 1"},
		{[]string{"serve", filepath.Join(dir, "none.har")}, "none.har", "exit status 1"},
		{[]string{"serve", "--speed", "fast", recordedSession}, "--speed", "exit status 2"},
		{[]string{"serve", "--speed", "0", recordedSession}, "--speed", "exit status 2"},
		{[]string{"run", "--speed", "2", "--", "true"}, "--speed needs --serve FILE", "exit status 125"},
		{[]string{"run", "--check", "--", "true"}, "--check needs --serve FILE", "exit status 125"},
		{[]string{"run", "--ignore", "x", "--", "true"}, "--ignore needs --serve FILE", "exit status 125"},
		{[]string{"run", "--serve", recordedSession, "--upstream", "unix:///x", "--", "true"}, "--serve excludes --upstream", "exit status 125"},
		{[]string{"run", "--serve", recordedSession, "--tlsverify", "--", "true"}, "--serve excludes --tlsverify", "exit status 125"},
		{[]string{"run", "--serve", empty, "--", "true"}, "no exchanges in " + empty, "exit status 125"},
	} {
		end := socktrace(t, nil, c.args...).end()
		if end.status != c.status || !strings.Contains(end.err, c.want) {
			t.Errorf("%q: %s\n%s", c.args, end.status, end.err)
		}
	}
}

// TestRunServed: the command talks to the recording; what it asks for besides is told, and
// fails with --check, unless the command did.
func TestRunServed(t *testing.T) {
	curl := need.Program(t, "curl")
	ask := func(target string) []string {
		return []string{"--", "sh", "-c", curl + ` -s --unix-socket "${DOCKER_HOST#unix://}" http://d` + target}
	}
	for _, c := range []struct {
		flags  []string
		target string
		out    string
		status string
	}{
		{nil, "/_ping", "OK", "exit status 0"},
		{nil, "/nothing", "not recorded", "exit status 0"},
		{[]string{"--check"}, "/_ping", "OK", "exit status 0"},
		{[]string{"--check"}, "/nothing", "not recorded", "exit status 1"},
		{[]string{"--check", "--fault", `SystemPing: 500 "out of order"`}, "/_ping", `{"message":"out of order"}`, "exit status 0"},
		{[]string{"--check"}, "/nothing; exit 7", "not recorded", "exit status 7"},
	} {
		args := append(append([]string{"run", "-q", "--serve", recordedSession}, c.flags...), ask(c.target)...)
		end := socktrace(t, nil, args...).end()
		if end.status != c.status || !strings.Contains(end.out, c.out) {
			t.Errorf("%q: %s %s\n%s", args, end.status, end.out, end.err)
		}
	}
}

// unixClient returns a client of the daemon at a socket.
func unixClient(socket string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", socket) },
	}}
}
