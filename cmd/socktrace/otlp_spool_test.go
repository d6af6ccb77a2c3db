//go:build unix

package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// targets are the paths of containers that are started.
var targets = regexp.MustCompile(`/v1.47/containers/\d+-\d+/start`)

// spooled returns how often each target is in the requests in a folder.
func spooled(t testing.TB, dir string) map[string]int {
	t.Helper()
	all := make(map[string]int)
	files, err := filepath.Glob(filepath.Join(dir, "*.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if os.IsNotExist(err) {
			continue // it has been sent
		}
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range targets.FindAllString(string(b), -1) {
			all[target]++
		}
	}
	return all
}

// arrived returns how often each target was sent.
func (c *collected) arrived() map[string]int {
	all := make(map[string]int)
	for _, target := range targets.FindAllString(c.text(), -1) {
		all[target]++
	}
	return all
}

// at has a collector be at a socket.
func (c *collected) at(t testing.TB, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	go http.Serve(l, c.Config.Handler)
	t.Cleanup(func() { l.Close() })
}

// TestOTLPSpoolKilled kills socktrace again and again while the collector is away: what was on
// disk arrives once, when both are back; the others of a clean end do as well.
func TestOTLPSpoolKilled(t *testing.T) {
	t.Parallel()
	times := 8
	if testing.Short() {
		times = 2
	}
	dir, addr := filepath.Join(t.TempDir(), "spool"), filepath.Join(shortDir(t), "c")
	daemon := fakeDaemon(t, echoTarget)
	flags := []string{"-q", "--otlp", "unix://" + addr, "--otlp-spool", dir}
	for n := range times {
		l := listenWith(t, nil, daemon, flags...)
		before, c := len(spooled(t, dir)), l.dial()
		var asking sync.WaitGroup
		asking.Go(func() { askStarts(c, fmt.Sprint(n)) })
		await(t, "something is on disk", func() bool { return len(spooled(t, dir)) > before })
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		l.stop(syscall.SIGKILL)
		asking.Wait()
	}
	want := spooled(t, dir)

	l := listenWith(t, nil, daemon, flags...)
	c := l.dial()
	for n := range 700 {
		target := fmt.Sprintf("/v1.47/containers/1000-%d/start", n)
		if _, err := fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n", target); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
		want[target] = 1
	}
	c.Close()
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "otlp: 0 spans sent; kept in "+dir+": ") || strings.Contains(got.err, "not sent") || !strings.Contains(got.err, "what comes is kept on disk") {
		t.Errorf("told %q", got.err)
	}

	there := collectorFor(t, 200)
	there.at(t, addr)
	l = listenWith(t, nil, daemon, flags...)
	await(t, "all is sent", func() bool { return len(spooled(t, dir)) == 0 })
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
	arrived := there.arrived()
	for target, n := range want {
		if n != 1 || arrived[target] != 1 {
			t.Errorf("%s was on disk %d times, and arrived %d times", target, n, arrived[target])
		}
	}
	check(t, "all that arrived", len(arrived), len(want))
	t.Logf("%d kills, %d spans", times, len(want))
}

// TestOTLPSpoolRead: a recording that cannot be sent waits on disk, which is no failure, and
// two processes do not have one folder.
func TestOTLPSpoolRead(t *testing.T) {
	dir, addr, har := filepath.Join(t.TempDir(), "spool"), filepath.Join(shortDir(t), "c"), filepath.Join(t.TempDir(), "s.har")
	got := socktrace(t, nil, "demo", "-q", "--har", har, "--otlp", "unix://"+addr, "--otlp-spool", dir).end()
	check(t, "status", got.status, "exit status 0")
	got = socktrace(t, nil, "read", "-q", "--otlp", "unix://"+addr, "--otlp-spool", dir, har).end()
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "kept in "+dir) {
		t.Errorf("told %q", got.err)
	}
	l := listenWith(t, nil, fakeDaemon(t, echoTarget), "-q", "--otlp", "unix://"+addr, "--otlp-spool", dir)
	got = socktrace(t, nil, "read", "-q", "--otlp", "unix://"+addr, "--otlp-spool", dir, har).end()
	check(t, "status", got.status, "exit status 1")
	if !strings.Contains(got.err, dir+": another process has it: each needs a folder of its own") {
		t.Errorf("told %q", got.err)
	}
	l.stop(syscall.SIGTERM)

	c := collectorFor(t, 200)
	c.at(t, addr)
	check(t, "status", socktrace(t, nil, "demo", "-q", "--otlp", "unix://"+addr, "--otlp-spool", dir).end().status, "exit status 0")
	exchanges := c.exchanges(t)
	check(t, "exchanges", len(exchanges)%3, 0)
	if len(exchanges) == 0 {
		t.Error("nothing arrived")
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "files but for the lock", len(files), 1)
}
