//go:build unix

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/internal/need"
)

// refused is an address on TCP that nobody listens on, and that nobody gets: it is
// bound.
var refused = sync.OnceValues(func() (string, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return "", err
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", err
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("127.0.0.1:%d", at.(*syscall.SockaddrInet4).Port), nil
})

func refusing(t testing.TB) string {
	t.Helper()
	addr, err := refused()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// TestPermissionHint says which group is needed, where one is of use.
func TestPermissionHint(t *testing.T) {
	t.Parallel()
	file := filepath.Join(shortDir(t), "s")
	of := func(mode os.FileMode, gid int) string {
		t.Helper()
		_ = os.Remove(file)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(file, -1, gid); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		return permissionHint(file)
	}
	const alone, closed = "run it with sudo: the socket is for its owner alone", "run it with sudo: a folder of the socket is closed to this user"
	check(t, "no group", of(0o606, os.Getgid()), alone)
	check(t, "no file", permissionHint(file+"/x"), closed)
	if os.Getuid() != 0 {
		g, err := user.LookupGroupId(fmt.Sprint(os.Getgid()))
		if err != nil {
			need.Skip(t, "a group with a name", err.Error())
		}
		check(t, "a group of ours", of(0o660, os.Getgid()),
			fmt.Sprintf("this user is in group %s since after this login: log in again, or newgrp %[1]s", g.Name))
		need.Skip(t, "root", "nobody else can give a file to a group of others")
	}
	check(t, "root's group", of(0o660, 0), alone)
	check(t, "a group", of(0o620, 54321),
		"the socket belongs to group 54321: sudo usermod -aG 54321 $USER and log in again, or run it with sudo")
	if g, err := user.LookupGroup("sys"); err == nil {
		var gid int
		if _, err := fmt.Sscan(g.Gid, &gid); err != nil {
			t.Fatal(err)
		}
		check(t, "a group with a name", of(0o660, gid),
			"the socket belongs to group sys: sudo usermod -aG sys $USER and log in again, or run it with sudo")
	}
}

// TestTryIt names a client that the daemon understands.
func TestTryIt(t *testing.T) {
	at := intercept.Addr{Network: "unix", Address: "/tmp/a b.sock"}
	const docker, podman = "docker -H unix:///tmp/a b.sock version", "podman --url unix:///tmp/a b.sock version"
	const curl = "curl --unix-socket '/tmp/a b.sock' http://localhost/"
	for upstream, want := range map[string][2]string{ // known to be docker's or not
		"unix:///var/run/docker.sock":        {docker, docker},
		"unix:///run/user/1/docker-x.sock":   {docker, docker},
		"unix:///run/podman/podman.sock":     {docker, podman},
		"unix:///docker/containerd.sock":     {docker, curl},
		"unix:///run/snapd.socket":           {docker, curl},
		"tcp://127.0.0.1:2375":               {docker, docker},
		"tcp://127.0.0.1:2376":               {docker, docker},
		"tcp://127.0.0.1:8080":               {docker, curl},
		"ssh://me@host/run/user/1/some.sock": {docker, docker},
	} {
		a, err := intercept.ParseAddr(upstream)
		if err != nil {
			t.Fatal(err)
		}
		check(t, upstream+", docker's", tryIt(at, a, true), want[0])
		check(t, upstream, tryIt(at, a, false), want[1])
	}
}

// TestUpstreamOfEnv goes where the command would have gone.
func TestUpstreamOfEnv(t *testing.T) {
	podman := filepath.Join(shortDir(t), "podman")
	if err := os.Mkdir(podman, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(podman, "podman.sock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		names string // of --env
		vars  string
		want  string
	}{
		{"A", "A=unix:///a DOCKER_HOST=unix:///d", "unix:///a"},
		{"A B", "B=unix:///b DOCKER_HOST=unix:///d", "unix:///b"},        // the first that is set
		{"A B", "A=junk B=tcp://h:1 DOCKER_HOST=unix:///d", "tcp://h:1"}, // and is an address
		{"A", "A=tcp://h:1 DOCKER_TLS=1", "tcp://h:1"},                   // TLS is docker's affair
		{"A", "DOCKER_HOST=unix:///d", "unix:///d"},
		{"CONTAINER_HOST", "CONTAINER_HOST=unix:///c XDG_RUNTIME_DIR=" + filepath.Dir(podman), "unix:///c"},
		{"CONTAINER_HOST", "DOCKER_HOST=unix:///d XDG_RUNTIME_DIR=" + filepath.Dir(podman), "unix://" + podman + "/podman.sock"},
		{"A", "DOCKER_HOST=unix:///d XDG_RUNTIME_DIR=" + filepath.Dir(podman), "unix:///d"},
	} {
		vars := map[string]string{}
		for _, kv := range strings.Fields(c.vars) {
			name, value, _ := strings.Cut(kv, "=")
			vars[name] = value
		}
		getenv := func(name string) string { return vars[name] }
		u, err := (&options{env: strings.Fields(c.names)}).findUpstream(getenv)
		if err != nil || u.Addr.String() != c.want || u.TLS != nil {
			t.Errorf("--env %s with %s: %+v, %v; want %s", c.names, c.vars, u, err, c.want)
		}
		if u, err := (&options{env: strings.Fields(c.names), upstream: "unix:///u"}).findUpstream(getenv); err != nil || u.Addr.Address != "/u" {
			t.Errorf("--upstream beside --env %s: %+v, %v", c.names, u, err)
		}
	}
}

// TestRunEnvUpstream runs a command whose daemon stands in another variable.
func TestRunEnvUpstream(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	got := socktrace(t, func(c *exec.Cmd) {
		c.Env = append(os.Environ(), "DOCKER_HOST=unix:///nowhere", "CONTAINER_HOST=unix://"+daemon)
	},
		"run", "--env", "CONTAINER_HOST", "--", "true").end()
	check(t, "status", got.status, "exit status 0")
	if !strings.HasPrefix(got.err, "socktrace: true made no connection to unix://"+daemon+"\n") {
		t.Errorf("stderr: %s", got.err)
	}
}

// TestReach knows at once that nobody is there, and takes one that is slow for a
// daemon.
func TestReach(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it accepts nothing, and says nothing
	there := intercept.Addr{Network: "tcp", Address: l.Addr().String()}
	for _, c := range []struct {
		u    intercept.Upstream
		want string
	}{
		{intercept.Upstream{Addr: there}, ""},
		{intercept.Upstream{Addr: there, TLS: &tls.Config{InsecureSkipVerify: true}}, ""},
		{intercept.Upstream{Addr: intercept.Addr{Network: "tcp", Address: refusing(t)}}, "upstream tcp://" + refusing(t) + ": connection refused"},
		{intercept.Upstream{Addr: intercept.Addr{Network: "unix", Address: "/no/s"}}, "upstream unix:///no/s: no such file or directory"},
		{bySSH("cat"), ""},
		{bySSH("sh", "-c", "echo no way >&2; exit 255"), "upstream ssh://far: sh: exit status 255: no way"},
		{bySSH("no-such-program"), "upstream ssh://far: no no-such-program command in PATH"},
	} {
		err := reach(t.Context(), c.u)
		if got := strings.TrimPrefix(fmt.Sprint(err), "<nil>"); got != c.want {
			t.Errorf("%s: got %q; want %q", c.u.Addr, got, c.want)
		}
	}
}

// bySSH is a daemon that a command reaches.
func bySSH(command ...string) intercept.Upstream {
	return intercept.Upstream{Addr: intercept.Addr{Network: "ssh", Address: "far"}, Command: command}
}

// TestReachInterrupted ends a command that asks something nobody answers.
func TestReachInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := reach(ctx, bySSH("sleep", "1000")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestReachUnix tells of a unix socket without connecting to it.
func TestReachUnix(t *testing.T) {
	t.Parallel()
	path := filepath.Join(shortDir(t), "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := reach(t.Context(), intercept.Upstream{Addr: intercept.Addr{Network: "unix", Address: path}}); err != nil {
		t.Error(err)
	}
	raw, err := l.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		if _, _, err := syscall.Accept(int(fd)); err != syscall.EAGAIN {
			t.Errorf("it was connected to: %v", err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// TestListenRefused says of a daemon on TCP what it says of a missing socket.
func TestListenRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(shortDir(t), "s")
	p := socktrace(t, nil, "listen", "-q", "--listen", "unix://"+path, "--upstream", "tcp://"+refusing(t))
	p.err.await(t, "try: ")
	got := p.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	check(t, "stderr", got.err, "socktrace: upstream tcp://"+refusing(t)+": connection refused; it may come later\n"+
		"socktrace: listening on unix://"+path+" for tcp://"+refusing(t)+"\nsocktrace: try: curl --unix-socket "+path+" http://localhost/\n"+
		"socktrace: 0 connections, 0 exchanges, 0 bytes sent, 0 received\n")
}

// TestSilenceOfPodman names what podman looks at.
func TestSilenceOfPodman(t *testing.T) {
	check(t, "podman", silenceHint("podman", []string{"ps"}),
		"podman has a daemon with --remote only: socktrace run --env CONTAINER_HOST -- podman --remote ps")
}
