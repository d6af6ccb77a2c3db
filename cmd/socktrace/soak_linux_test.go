package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// soakVar says how long TestSoak is to take.
const soakVar = "SOCKTRACE_SOAK"

// TestSoak has clients of all kinds talk to daemons that come and go, in every way that
// there is to look on, all at once. It takes as long as SOCKTRACE_SOAK says. What clients
// get is right, the programs need no more with time, and their counts are those of their
// clients.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv(soakVar))
	if err != nil {
		t.Skipf("%s does not say for how long, such as 2m", soakVar)
	}
	for _, way := range []struct {
		name string
		soak func(context.Context, *testing.T)
	}{
		{"slow reader", soakSlowReader}, {"full disk", soakFullDisk}, {"tls", soakTLS}, {"in place", soakInPlace}, {"strace", soakStrace}, {"docker", soakDocker},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithTimeout(t.Context(), length)
			defer stop()
			way.soak(ctx, t)
		})
	}
}

// soak has the daemon come and go, and the program suspended now and then, until ctx ends
// and all clients have left.
func (s *soakClients) soak(ctx context.Context, w *soakWatch) {
	s.all.Go(func() { s.daemon.comeAndGo(ctx, s.t) })
	s.all.Go(func() { w.watch(ctx) })
	s.all.Go(func() { w.suspend(ctx) })
	s.all.Wait()
}

// end stops the program when all clients have left. Its summary is on standard error, or
// what elsewhere gets.
func (s *soakClients) end(w *soakWatch, status string, elsewhere <-chan string) (summary string) {
	w.check()
	got := w.p.Load().stop(syscall.SIGINT)
	check(s.t, "status", got.status, status)
	summary = got.err
	if elsewhere != nil {
		summary = <-elsewhere
	}
	check(s.t, "connections", countIn(s.t, summary, "connection")+silentIn(summary), s.dialed.Load())
	s.t.Logf("%d connections, %d things done right; the daemon was asked %d times, and was away %d times; %s",
		s.dialed.Load(), len(s.right), s.daemon.asked.Load(), s.daemon.Count(), tail(got.err))
	return summary
}

// left fails the test if there is anything in a folder but some files.
func left(t testing.TB, dir string, but ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	check(t, "files", fmt.Sprint(names), fmt.Sprint(but))
}

// soakSlowReader records all, and has an output that is read slowly.
func soakSlowReader(ctx context.Context, t *testing.T) {
	daemon, file := newSoakDaemon(t, nil), filepath.Join(t.TempDir(), "all.har")
	slow, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	l := listenWith(t, func(c *exec.Cmd) { c.Stdout = stdout }, daemon.address, "-f", "text", "--max-body", "4k", "--har", file)
	stdout.Close() // so that its end is seen
	shown := readSlowly(ctx, slow)
	s, w := newSoakClients(t, daemon, l.path, nil), newSoakWatch(t, l.process)
	s.start(ctx)
	s.soak(ctx, w)
	summary := s.end(w, "exit status 0", shown)
	checkSoakHAR(t, file, countIn(t, summary, "exchange"), s.right)
	left(t, filepath.Dir(l.path))
}

// readSlowly reads less than what is written, until ctx ends, and then all; it sends the
// end of it.
func readSlowly(ctx context.Context, f *os.File) <-chan string {
	end := make(chan string, 1)
	go func() {
		var last []byte
		b := make([]byte, 4<<10)
		for {
			n, err := f.Read(b)
			last = append(last, b[:n]...)
			last = last[max(0, len(last)-len(b)):]
			if err != nil {
				end <- string(last)
				return
			}
			pause(ctx, 20*time.Millisecond)
		}
	}()
	return end
}

// soakFullDisk has recordings that meet the end of the disk.
func soakFullDisk(ctx context.Context, t *testing.T) {
	daemon, dir := newSoakDaemon(t, nil), t.TempDir()
	l := listenWith(t, func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `ulimit -f 4000; trap "" XFSZ; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}, daemon.address, "-q", "--har", filepath.Join(dir, "full.har"), "--pcapng", filepath.Join(dir, "full.pcapng"))
	s, w := newSoakClients(t, daemon, l.path, nil), newSoakWatch(t, l.process)
	s.start(ctx)
	s.soak(ctx, w)
	s.end(w, "exit status 1", nil) // recordings that are not whole
	left(t, filepath.Dir(l.path))
}

// soakDocker has the docker commands that there are run containers until ctx ends.
func soakDocker(ctx context.Context, t *testing.T) {
	found := dockers(t)
	upstream, isUnix := strings.CutPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	if !isUnix {
		upstream = "/var/run/docker.sock"
	}
	l := listenTo(t, upstream, "-f", "compact")
	var clients sync.WaitGroup
	for _, docker := range found {
		clients.Go(func() {
			runs := 0
			for ; ctx.Err() == nil; runs++ {
				text := fmt.Sprintf("run %d", runs)
				c := exec.Command(docker.path, "run", "-i", "--rm", "--network", "none", testImage, "cat")
				c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+l.path)
				c.Stdin = strings.NewReader(text)
				if out, err := c.CombinedOutput(); err != nil || string(out) != text {
					t.Errorf("docker %s run: %v, %q", docker.version, err, out)
				}
			}
			t.Logf("docker %s ran %d containers", docker.version, runs)
		})
	}
	clients.Wait()
}
