//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestDockerListen uses one listener with several clients.
func TestDockerListen(t *testing.T) {
	docker := dockers(t)[0]
	for _, network := range []string{"unix", "tcp"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			addr := "unix://" + filepath.Join(shortDir(t), "s.sock")
			listen := addr
			if network == "tcp" {
				listen = "tcp://127.0.0.1:0"
			}
			file := filepath.Join(t.TempDir(), "trace.jsonl")
			p := socktrace(t, nil, "listen", "--listen", listen, "-f", "jsonl", "-o", file)
			p.err.await(t, " for ")
			_, rest, _ := strings.Cut(p.err.String(), "listening on ")
			if network == "tcp" {
				addr, _, _ = strings.Cut(rest, " ")
			}
			for range 3 { // the mode of the socket, and the trace, hold for all
				got := launch(t, nil, docker.path, "-H", addr, "run", "--rm", "--network", "none", testImage, "echo", "hi").end()
				check(t, "run", got.out+got.status, "hi\nexit status 0")
			}
			curlPing(t, addr)
			check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
			all := parseEvents(t, readFile(t, file))
			check(t, "frames", all.text("stdout"), "hi\nhi\nhi\n")
			if len(all.anomalies()) > 0 {
				t.Errorf("anomalies: %q", all.anomalies())
			}
		})
	}
}

// curlPing asks the daemon with curl.
func curlPing(t *testing.T, addr string) {
	t.Helper()
	need.Program(t, "curl")
	args := []string{"-sS", "--noproxy", "*", "-i"}
	if path, ok := strings.CutPrefix(addr, "unix://"); ok {
		args = append(args, "--unix-socket", path, "http://localhost/_ping")
	} else {
		args = append(args, strings.Replace(addr, "tcp://", "http://", 1)+"/_ping")
	}
	got := launch(t, func(c *exec.Cmd) { c.Env = os.Environ() }, "curl", args...).end()
	check(t, "status of curl", got.status, "exit status 0")
	if !strings.HasPrefix(got.out, "HTTP/1.1 200 OK\r\n") || !strings.HasSuffix(got.out, "\r\n\r\nOK") {
		t.Errorf("curl: %q %q", got.out, got.err)
	}
}
