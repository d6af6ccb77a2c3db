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

// ownDockerd returns the socket of a docker daemon of the test's own, and what starts
// it; it is to be stopped with SIGTERM.
func ownDockerd(t *testing.T) (path string, start func() *process) {
	t.Helper()
	dockerd := need.Program(t, "dockerd")
	if os.Getuid() != 0 {
		need.Skip(t, "root", "a docker daemon needs it")
	}
	dir := shortDir(t)
	path = filepath.Join(dir, "docker.sock")
	return path, func() *process {
		p := launch(t, nil, dockerd, "--bridge=none", "--iptables=false", "--ip6tables=false", "--data-root", dir+"/root",
			"--exec-root", dir+"/exec", "-p", dir+"/pid", "-H", "unix://"+path)
		t.Cleanup(func() { // its children end with it
			_ = p.Process.Signal(syscall.SIGTERM)
			p.end()
		})
		await(t, "the docker daemon", func() bool {
			select {
			case <-p.done:
				need.Skip(t, "dockerd", tail(p.err.String()))
			default:
			}
			return strings.Contains(p.err.String(), "API listen on")
		})
		return p
	}
}

// TestDockerInPlace takes the place of a real daemon's socket, whose clients need not
// know, and follows it through a restart.
func TestDockerInPlace(t *testing.T) {
	docker := need.Program(t, "docker")
	path, start := ownDockerd(t)
	t.Setenv("DOCKER_HOST", "unix://"+path) // where it always is
	daemon := start()
	if err := importImage(cli{path: docker}); err != nil {
		need.Skip(t, "docker", err)
	}
	run := func() {
		t.Helper()
		got := launch(t, nil, docker, "run", "--rm", "--network", "none", testImage, "echo", "hi").end()
		check(t, "run", got.out+got.status, "hi\nexit status 0")
	}
	before := lstat(t, path)
	p := inPlace(t, nil, path)
	check(t, "in place", accessIn(lstat(t, path)), accessIn(before))
	run()
	got := launch(t, nil, docker, "run", "-d", "--name", "held", "--network", "none", testImage, "sleep", "1000").end()
	check(t, "run -d", got.status, "exit status 0")
	got = launch(t, func(c *exec.Cmd) { c.Stdin = strings.NewReader("in\n") }, docker, "exec", "-i", "held", "cat").end()
	check(t, "exec -i", got.out+got.status, "in\nexit status 0")
	check(t, "rm", launch(t, nil, docker, "rm", "-f", "held").end().status, "exit status 0")

	daemon.stop(syscall.SIGTERM)
	if got := launch(t, nil, docker, "version").end(); got.status == "exit status 0" {
		t.Error("there is no daemon, but docker finds one")
	}
	start()
	p.err.await(t, path+": in place again, of a new socket\n")
	check(t, "in place again", accessIn(lstat(t, path)), accessIn(before))
	run()
	own := lstat(t, filepath.Join(filepath.Dir(path), ".docker.sock.socktrace"))
	got = p.stop(syscall.SIGINT)
	check(t, "status", got.status, "exit status 0")
	after := lstat(t, path)
	if !os.SameFile(after, own) || accessIn(after) != accessIn(before) {
		t.Errorf("given back %s, was %s", accessIn(after), accessIn(before))
	}
	run()
	seen := strings.Join(parseEvents(t, got.out).exchanges(), "\n")
	for operation, want := range map[string]int{"ContainerCreate 201 done": 3, "ContainerExec 201 done": 1, "ExecStart 101 done": 1} {
		if n := strings.Count(seen, operation); n != want {
			t.Errorf("%s %d times, want %d, in\n%s", operation, n, want, seen)
		}
	}
}
