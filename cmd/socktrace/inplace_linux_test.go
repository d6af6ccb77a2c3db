package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testpeer"
)

// httpDaemon serves HTTP on a unix socket: it sends back the bodies that it gets.
func httpDaemon(t *testing.T, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })}
	t.Cleanup(func() { srv.Close() })
	go func() { _ = srv.Serve(l) }()
}

// newCrowd starts clients that ask a daemon all the time, about a thousand times a second.
func newCrowd(t *testing.T, path string) *testpeer.Crowd {
	t.Helper()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	return testpeer.NewCrowd(t, 5, 3*time.Millisecond, func(n int) func() error {
		body := bytes.Repeat(fmt.Appendf(nil, "client %d ", n), 1+n*n*40)
		return func() error { return askEcho(client, body) }
	})
}

// askEcho asks once, and compares every byte.
func askEcho(client *http.Client, body []byte) error {
	resp, err := client.Post("http://daemon/echo", "application/octet-stream", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err == nil && !bytes.Equal(got, body) {
		err = fmt.Errorf("%d bytes of %d came back", len(got), len(body))
	}
	return err
}

// inPlace starts socktrace in the place of a socket.
func inPlace(t *testing.T, prepare func(*exec.Cmd), path string, args ...string) *process {
	t.Helper()
	p := socktrace(t, prepare, append([]string{"listen", "-f", "jsonl", "--in-place", path}, args...)...)
	p.err.await(t, "mv -f "+filepath.Dir(path)+"/."+filepath.Base(path)+".socktrace "+path+"\n")
	return p
}

// TestInPlace has clients that ask all the time, as it comes, is interrupted, is
// killed, is restored, and repairs what was killed. Only between a kill and the repair
// may asking fail.
func TestInPlace(t *testing.T) {
	t.Parallel()
	for name, gid := range map[string]int{"root": 0, "a member of the group": 4242} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if os.Getuid() != 0 && gid != 0 {
				need.Skip(t, "root", "nobody else can be somebody else")
			}
			path := filepath.Join(shortDir(t), "d.sock")
			httpDaemon(t, path)
			var prepare func(*exec.Cmd)
			if gid != 0 {
				dir := filepath.Dir(path)
				if err := errors.Join(os.Chown(dir, 0, gid), os.Chmod(dir, 0o775), os.Chown(path, 0, gid), os.Chmod(path, 0o660)); err != nil {
					t.Fatal(err)
				}
				prepare = func(c *exec.Cmd) {
					c.Dir = "/"
					c.SysProcAttr.Credential = &syscall.Credential{Uid: 4002, Gid: uint32(gid)}
				}
			}
			before := lstat(t, path)
			unchanged := func() {
				t.Helper()
				if is := lstat(t, path); !os.SameFile(is, before) || accessIn(is) != accessIn(before) {
					t.Errorf("socket %s, was %s", accessIn(is), accessIn(before))
				}
				if names, err := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
					t.Errorf("left: %v, %v", names, err)
				}
			}
			restore := func() string {
				t.Helper()
				got := socktrace(t, prepare, "restore", path).end()
				check(t, "restore", got.status+got.err, "exit status 0")
				return got.out
			}
			c := newCrowd(t, path)
			c.More()
			p := inPlace(t, prepare, path)
			if is := lstat(t, path); os.SameFile(is, before) || gid == 0 && accessIn(is) != accessIn(before) || is.Mode() != before.Mode() {
				t.Errorf("in place %s, was %s", accessIn(is), accessIn(before))
			}
			c.More()
			got := p.stop(syscall.SIGINT)
			check(t, "status", got.status, "exit status 0")
			unchanged()
			if n := len(parseEvents(t, got.out).of("exchange")); n < 150 {
				t.Errorf("%d exchanges were seen", n)
			}
			c.More()
			p = inPlace(t, prepare, path)
			c.More()
			c.Gap()
			check(t, "status", p.stop(syscall.SIGKILL).status, "signal: killed")
			check(t, "restored", restore(), path+": the daemon's own socket is back\n")
			c.Gap()
			unchanged()
			check(t, "again", restore(), path+": nothing to restore\n")
			c.More()
			p = inPlace(t, prepare, path)
			c.More()
			c.Gap()
			p.stop(syscall.SIGKILL)
			p = inPlace(t, prepare, path)
			c.Gap()
			if says := p.err.String(); !strings.Contains(says, "a process that was killed had not given it back: the daemon's own socket is back") {
				t.Errorf("it says %q", says)
			}
			c.More()
			check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
			unchanged()
			c.More()
			c.End()
		})
	}
}

func lstat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// accessIn is who has a file, and its mode.
func accessIn(info os.FileInfo) string {
	s := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%v %d:%d", info.Mode(), s.Uid, s.Gid)
}

// TestInPlaceOpen lets who is connected at the end come to theirs, for some time.
func TestInPlaceOpen(t *testing.T) {
	t.Parallel()
	path := fakeDaemon(t, pong)
	p := inPlace(t, nil, path)
	busy, idle := dialUnix(t, path), dialUnix(t, path)
	ping(t, busy)
	ping(t, idle)
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	p.err.await(t, path+" is the daemon's again; 2 open connections may go on for 5s\n")
	ping(t, busy)
	busy.Close()
	check(t, "status", p.end().status, "exit status 0")
	if err := tryPing(idle); err == nil {
		t.Error("who was idle still is connected")
	}
	ping(t, dialUnix(t, path))
}

// TestInPlaceTwice refuses a second one, and restoring what lives.
func TestInPlaceTwice(t *testing.T) {
	t.Parallel()
	path := fakeDaemon(t, pong)
	p := inPlace(t, nil, path)
	want := fmt.Sprintf("socktrace: in place of %s: a socktrace is in its place already: process %d\nsocktrace: hint: kill %[2]d ends it, and it gives the place back\n", path, p.Process.Pid)
	for _, args := range [][]string{{"listen", "--in-place", path}, {"listen", "--in-place", "unix://" + path}, {"restore", path}} {
		got := socktrace(t, nil, args...).end()
		check(t, "status", got.status, "exit status 1")
		check(t, "stderr", got.err, want)
	}
	ping(t, dialUnix(t, path))
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
}

// TestInPlaceFailures says why a place cannot be had, with nothing done.
func TestInPlaceFailures(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	path := filepath.Join(dir, "d.sock")
	httpDaemon(t, path)
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(path, 0o666)); err != nil {
		t.Fatal(err)
	}
	sticky := filepath.Join(dir, "sticky")
	if err := errors.Join(os.Mkdir(sticky, 0o700), os.Chmod(sticky, os.ModeSticky|0o777)); err != nil {
		t.Fatal(err)
	}
	httpDaemon(t, sticky+"/d.sock")
	if err := os.Chmod(sticky+"/d.sock", 0o666); err != nil {
		t.Fatal(err)
	}
	// Where everybody may replace the socket, but cannot keep who may connect.
	open := filepath.Join(dir, "open")
	if err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, 0o777)); err != nil {
		t.Fatal(err)
	}
	for name, give := range map[string]struct {
		mode     os.FileMode
		uid, gid int
	}{"owned": {0o666, 4001, 0}, "grouped": {0o606, 0, 4242}} {
		httpDaemon(t, open+"/"+name)
		if err := os.Chmod(open+"/"+name, give.mode); err != nil {
			t.Fatal(err)
		}
		if os.Getuid() == 0 {
			if err := os.Chown(open+"/"+name, give.uid, give.gid); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() { // when all have ended
		for _, d := range []string{dir, sticky, open} {
			if left, _ := filepath.Glob(d + "/.*"); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		}
	})
	in := func(path, why string) string { return "in place of " + path + ": " + why }
	for _, test := range []struct {
		args   []string
		nobody bool // as a user who may connect, but not write to the directory
		status int
		stderr string
	}{
		{[]string{"listen", "--in-place", path, "--listen", "unix:///x"}, false, 2, "--in-place and --listen exclude each other: the socket is where to listen"},
		{[]string{"listen", "--in-place", path, "--upstream", "unix:///x"}, false, 2, "--in-place and --upstream exclude each other: the socket's daemon is the upstream"},
		{[]string{"listen", "--in-place", path, "--expose"}, false, 2, "--in-place and --expose exclude each other: a unix socket cannot be reached from other machines"},
		{[]string{"listen", "--in-place", ""}, false, 2, "no path of a socket"},
		{[]string{"listen", "--in-place", "tcp://127.0.0.1:1"}, false, 2, "tcp://127.0.0.1:1: only a unix socket has a place that can be taken"},
		{[]string{"listen", "--in-place", dir + "/no"}, false, 1, in(dir+"/no", "no such file or directory\nsocktrace: hint: is the daemon running?")},
		{[]string{"listen", "--in-place", path}, true, 1,
			in(path, "this needs the right to write to the directory "+dir+": permission denied\nsocktrace: hint: run it with sudo")},
		{[]string{"listen", "--in-place", sticky + "/d.sock"}, true, 1,
			in(sticky+"/d.sock", "only its owner, and that of the directory "+sticky+", may replace a file there (it is sticky): permission denied\nsocktrace: hint: run it with sudo")},
		{[]string{"listen", "--in-place", open + "/owned"}, true, 1, in(open+"/owned", "its owner (user 4001) can only be kept by that user, or by root")},
		{[]string{"listen", "--in-place", open + "/grouped"}, true, 1, in(open+"/grouped", "its group (4242) can only be kept by a member of that, or by root")},
		{[]string{"restore"}, false, 2, "restore: want the path of one socket, have 0 arguments\nsocktrace: hint: socktrace restore /var/run/docker.sock"},
		{[]string{"restore", dir + "/no"}, false, 1, in(dir+"/no", "no such file or directory\nsocktrace: hint: is the daemon running?")},
		{[]string{"restore", "ssh://h"}, false, 2, "ssh://h: only a unix socket has a place that can be taken"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			if test.nobody && os.Getuid() != 0 {
				need.Skip(t, "root", "nobody else can be somebody else")
			}
			got := socktrace(t, func(c *exec.Cmd) {
				if c.Dir = "/"; test.nobody {
					c.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
				}
			}, test.args...).end()
			check(t, "status", got.status, fmt.Sprintf("exit status %d", test.status))
			check(t, "stderr", got.err, "socktrace: "+test.stderr+"\n")
		})
	}
}

// TestCredentialsWarned says which daemon judges by who connects.
func TestCredentialsWarned(t *testing.T) {
	t.Parallel()
	path := filepath.Join(shortDir(t), "snapd.socket")
	httpDaemon(t, path)
	want := fmt.Sprintf("socktrace: snapd judges by the user of the process that connects, and sees this one's: whoever connects here can do there what user %d can\n", os.Geteuid())
	p := inPlace(t, nil, path)
	p.err.await(t, want)
	p.stop(syscall.SIGINT)
	p = socktrace(t, nil, "listen", "--upstream", "unix://"+path, "--listen", "unix://"+path+".traced")
	p.err.await(t, want)
	p.stop(syscall.SIGINT)
}
