package main

import (
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// signalled are signals that come one behind the other.
var signalled = [][]syscall.Signal{
	{syscall.SIGINT, syscall.SIGINT}, {syscall.SIGTERM, syscall.SIGTERM}, {syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP},
	{syscall.SIGQUIT}, {syscall.SIGINT, syscall.SIGQUIT}, {syscall.SIGQUIT, syscall.SIGTERM}, {syscall.SIGHUP, syscall.SIGHUP, syscall.SIGHUP},
}

// heedAll has what a test starts heed all of them.
func heedAll(t *testing.T) {
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		heed(t, s)
	}
}

// sendAll sends signals at random distances: close behind each other, or later than that.
func sendAll(p *process, all []syscall.Signal) {
	most := []time.Duration{time.Microsecond, time.Millisecond, 20 * time.Millisecond, 2 * closeBehind}[rand.IntN(4)]
	for i, s := range all {
		if i > 0 {
			time.Sleep(rand.N(most))
		}
		_ = p.Process.Signal(s) // it may have ended
	}
}

// TestSignalsInPlace: whatever signals come, and whenever, the daemon has its place again.
func TestSignalsInPlace(t *testing.T) {
	t.Parallel()
	heedAll(t)
	for i, all := range slices.Concat(signalled, signalled, signalled) {
		path := fakeDaemon(t, pong)
		before := lstat(t, path)
		var p *process
		if i%3 < 2 {
			p = inPlace(t, nil, path)
		} else { // in the midst of its start
			p = socktrace(t, nil, "listen", "-q", "--in-place", path)
			time.Sleep(rand.N(100 * time.Millisecond))
		}
		c := dialUnix(t, path) // it waits for who is connected
		ping(t, c)
		sendAll(p, all)
		c.Close()
		got := p.end()
		if !os.SameFile(lstat(t, path), before) {
			t.Errorf("%v: the daemon has not its place: %s, %q", all, got.status, got.err)
		}
		if names, err := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
			t.Errorf("%v: left: %v, %v", all, names, err)
		}
		ping(t, dialUnix(t, path))
	}
}

// TestSignalsListen leaves no socket that nobody listens on.
func TestSignalsListen(t *testing.T) {
	t.Parallel()
	heedAll(t)
	for _, all := range signalled {
		l := listenWith(t, nil, fakeDaemon(t, pong), "-q")
		ping(t, l.dial())
		sendAll(l.process, all)
		got := l.end()
		if _, err := os.Lstat(l.path); !os.IsNotExist(err) {
			t.Errorf("%v: the socket is there: %v, %s, %q", all, err, got.status, got.err)
		}
	}
}

// TestSignalsRun leaves no folder of its own, whenever the command or socktrace is
// asked to end, and hands on how the command has ended.
func TestSignalsRun(t *testing.T) {
	t.Parallel()
	heedAll(t)
	daemon := fakeDaemon(t, pong)
	for _, all := range slices.Concat(signalled, signalled) {
		dir := shortDir(t)
		// The first ends the command, and who is connected holds the end of ours up.
		p := socktrace(t, environ("TMPDIR="+dir), "run", "--upstream", "unix://"+daemon, "--", "sh", "-c", `ulimit -c 0; echo "$DOCKER_HOST"; exec sleep 60`)
		await(t, "the socket", func() bool { return strings.Contains(p.out.String(), "\n") })
		c, err := net.Dial("unix", strings.TrimPrefix(strings.TrimSpace(p.out.String()), "unix://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		sendAll(p, all)
		got := p.end()
		if names, err := os.ReadDir(dir); len(names) > 0 {
			t.Errorf("%v: left: %v, %v; %s, %q", all, names, err, got.status, got.err)
		}
	}
}
