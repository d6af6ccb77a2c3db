//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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

// withoutOurs returns r without what socktrace itself says.
func (r result) withoutOurs() result {
	r.err = ownLines.ReplaceAllString(r.err, "")
	return r
}
