//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// nowhere is a daemon that nobody reaches.
const nowhere = "DOCKER_HOST=unix:///no/such/docker.sock"

// TestServeDocker records docker commands with a real daemon, and runs them again with the
// recording in its place: they must not see a difference.
func TestServeDocker(t *testing.T) {
	for _, docker := range dockers(t) {
		for _, c := range dockerCases {
			t.Run(docker.version+" "+c.name, func(t *testing.T) {
				t.Parallel()
				har := filepath.Join(t.TempDir(), "session.har")
				command := append([]string{"--", docker.path}, c.once(t, docker)...)
				prepare := func(env ...string) func(*exec.Cmd) {
					return func(cmd *exec.Cmd) {
						cmd.Env = append(append(os.Environ(), c.env...), env...)
						cmd.Stdin = strings.NewReader(c.stdin)
					}
				}
				keep := []string{"run", "-q", "--show-secrets", "--max-body", "8M"}
				live := socktrace(t, prepare(), append(append(keep, "--har", har), command...)...).end()
				served := socktrace(t, prepare(nowhere), append(append(keep, "--serve", har, "--check"), command...)...).end()
				checkAlike(t, live.withoutOurs(), served)
			})
		}
	}
}

// TestServeDockerPy does so with a script that uses much of docker-py, in the recorded time and
// without waiting.
func TestServeDockerPy(t *testing.T) {
	dockers(t)
	for _, py := range pythons(t) {
		har := filepath.Join(t.TempDir(), "session.har")
		keep := []string{"run", "-q", "--show-secrets", "--max-body", "8M"}
		command := []string{"--", py.path, "testdata/dockerpy/behaviour.py", testImage, uniqueName()}
		live := socktrace(t, nil, append(append(keep, "--har", har), command...)...).end()
		check(t, "status of the recorded run", live.status, "exit status 0")
		for _, speed := range []string{"1", "max"} {
			served := socktrace(t, environ(nowhere), append(append(keep, "--serve", har, "--check", "--speed", speed), command...)...).end()
			checkAlike(t, live.withoutOurs(), served)
		}
	}
}

// TestServeWebSocket records a program that attaches by WebSocket, in each form, and has it talk to the
// recording then, in its time and without waiting.
func TestServeWebSocket(t *testing.T) {
	dockers(t)
	py := pythonWithWebSocket(t)
	script := []string{"testdata/dockerpy/by_websocket.py", testImage, uniqueName()}
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "s.har"), filepath.Join(dir, "s.pcapng"), filepath.Join(dir, "s.jsonl")}
	recorder := socktrace(t, nil, "listen", "--listen", "tcp://127.0.0.1:0", "--show-secrets", "--har", files[0], "--pcapng", files[1], "-f", "jsonl", "-o", files[2])
	live := launch(t, environ("DOCKER_HOST="+addrSaid(t, recorder, "listening on ", " for ")), py, script...).end()
	if live.status != "exit status 0" {
		t.Fatal(live.err)
	}
	check(t, "status of the recorder", recorder.stop(os.Interrupt).status, "exit status 0")
	for _, file := range files {
		for _, speed := range []string{"1", "max"} {
			server := socktrace(t, environ(nowhere), "serve", "-q", "--check", "--show-secrets", "--speed", speed, "--listen", "tcp://127.0.0.1:0", file)
			checkAlike(t, live, launch(t, environ("DOCKER_HOST="+addrSaid(t, server, file+" on ", "try: ")), py, script...).end())
			if got := server.stop(os.Interrupt); got.status != "exit status 0" {
				t.Errorf("%s, speed %s: %s", filepath.Base(file), speed, got.err)
			}
		}
	}
}

// addrSaid returns the address that a process says it is to be found at, between some words and others.
func addrSaid(t *testing.T, p *process, words, others string) string {
	t.Helper()
	p.err.await(t, others)
	_, rest, _ := strings.Cut(p.err.String(), words)
	return strings.Fields(rest)[0]
}

// pythonWithWebSocket returns an interpreter whose docker-py can attach by WebSocket, or skips the test
// aloud.
func pythonWithWebSocket(t *testing.T) string {
	t.Helper()
	var why error
	for _, py := range pythons(t) {
		if why = exec.Command(py.path, "-c", "import websocket").Run(); why == nil {
			return py.path
		}
	}
	need.Skip(t, "docker-py", why)
	return ""
}

// withoutOurs returns r without what socktrace itself says.
func (r result) withoutOurs() result {
	r.err = ownLines.ReplaceAllString(r.err, "")
	return r
}
