//go:build unix

package main

import (
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
)

const (
	pingRequest  = "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"
	pingResponse = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK"
)

// pong answers every ping on a connection.
func pong(c net.Conn) {
	buf := make([]byte, len(pingRequest))
	for {
		if _, err := io.ReadFull(c, buf); err != nil {
			return
		}
		if _, err := io.WriteString(c, pingResponse); err != nil {
			return
		}
	}
}

// ping asks once on a connection.
func ping(t testing.TB, c net.Conn) {
	t.Helper()
	if err := tryPing(c); err != nil {
		t.Fatal(err)
	}
}

func tryPing(c net.Conn) error {
	if _, err := io.WriteString(c, pingRequest); err != nil {
		return err
	}
	buf := make([]byte, len(pingResponse))
	if _, err := io.ReadFull(c, buf); err != nil {
		return err
	}
	if string(buf) != pingResponse {
		return fmt.Errorf("answer %q", buf)
	}
	return nil
}

// TestListenFailures checks bad usage, status 2, and failures, status 1.
func TestListenFailures(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	daemon := idle(t)
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	live := idle(t)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(daemon, link); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(dir, strings.Repeat("x", 120))
	up := func(args ...string) []string {
		return append([]string{"listen", "--upstream", "unix://" + daemon}, args...)
	}
	for _, test := range []struct {
		name   string
		args   []string
		status int
		stderr string
	}{
		{"unknown flag", up("--no-such-flag"), 2, "unknown flag: --no-such-flag\nsocktrace: hint: see socktrace listen --help"},
		{"argument", up("x"), 2, "listen: unexpected argument \"x\"\nsocktrace: hint: see socktrace listen --help"},
		{"unknown command", []string{"lisen"}, 2, "unknown command \"lisen\"\nsocktrace: hint: did you mean socktrace listen?"},
		{"bad heads", up("--heads", "nothing"), 2, `--heads "nothing": not one of full, short, none`},
		{"bad color", up("--color", "red"), 2, `--color "red": not one of auto, always, never`},
		{"bad address", up("--listen", "fd://"), 2, `address "fd://": fd:// is a socket that systemd hands to a daemon, nothing to connect to; ` +
			"want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]"},
		{"itself", up("--listen", "unix://"+daemon), 2, "listen unix://" + daemon + ": that is the upstream\n" +
			"socktrace: hint: name the daemon's own address with --upstream"},
		{"itself, by a link", up("--listen", "unix://"+link), 2, "listen unix://" + link + ": that is the upstream\n" +
			"socktrace: hint: name the daemon's own address with --upstream"},
		{"ssh", up("--listen", "ssh://host"), 1, "listen ssh://host: can only listen on unix:// and tcp:// addresses"},
		{"live socket", up("--listen", "unix://"+live), 1, "listen unix://" + live + ": address already in use by a live socket"},
		{"regular file", up("--listen", "unix://"+plain), 1, "listen unix://" + plain + ": file already exists: it is a regular file"},
		{"no folder", up("--listen", "unix://"+dir+"/no/s"), 1,
			"listen unix://" + dir + "/no/s: directory " + dir + "/no: no such file or directory"},
		{"long path", up("--listen", "unix://"+long), 1,
			fmt.Sprintf("listen unix://%s: path of %d bytes; a unix socket's has at most 107", long, len(long))},
		{"any address", up("--listen", "tcp://0.0.0.0:0"), 2, "listen tcp://0.0.0.0:0: other machines could connect to it\n" +
			"socktrace: hint: tcp://127.0.0.1:2375 is for this machine alone; --allow-remote lets in who has a certificate, --expose everybody"},
		{"no address", up("--listen", "tcp://:0"), 2, "listen tcp://:0: other machines could connect to it\n" +
			"socktrace: hint: tcp://127.0.0.1:2375 is for this machine alone; --allow-remote lets in who has a certificate, --expose everybody"},
		{"any address of IPv6", up("--listen", "tcp://[::]:0"), 2, "listen tcp://[::]:0: other machines could connect to it\n" +
			"socktrace: hint: tcp://127.0.0.1:2375 is for this machine alone; --allow-remote lets in who has a certificate, --expose everybody"},
		{"tcp port", up("--listen", "tcp://127.0.0.1:99999"), 2, `address "tcp://127.0.0.1:99999": malformed port "99999"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, nil, test.args...).end()
			check(t, "status", got.status, fmt.Sprintf("exit status %d", test.status))
			check(t, "stdout", got.out, "")
			check(t, "stderr", got.err, "socktrace: "+test.stderr+"\n")
		})
	}
	if _, err := os.Stat(plain); err != nil {
		t.Error(err)
	}
}

// TestListenUntilInterrupted checks how both signals end it.
func TestListenUntilInterrupted(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, len(pingRequest)))
		_, _ = io.WriteString(c, pingResponse)
		_, _ = io.Copy(io.Discard, c)
	})
	const half = "POST /containers/create HTTP/1.1\r\nHost: docker\r\nContent-Length: 9\r\n\r\nhalf"
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			l := listenTo(t, daemon, "-f", "jsonl")
			c := l.dial()
			ping(t, c)
			if _, err := io.WriteString(c, half); err != nil {
				t.Fatal(err)
			}
			await(t, "the open exchange", func() bool { return len(eventsIn(t, l.file).of("request")) == 2 })
			got := l.stop(s)
			check(t, "status", got.status, "exit status 0")
			check(t, "stderr", got.err, fmt.Sprintf("socktrace: listening on unix://%s for unix://%s\nsocktrace: try: curl --unix-socket %[1]s http://localhost/\n",
				l.path, daemon))
			if _, err := os.Lstat(l.path); !os.IsNotExist(err) {
				t.Errorf("the socket is still there: %v", err)
			}
			all := parseEvents(t, l.saved())
			check(t, "exchanges", strings.Join(all.exchanges(), ", "), "GET SystemPing 200 done, POST ContainerCreate 0 open")
			if closed := all.of("close"); len(closed) != 1 || closed[0].ToServer != int64(len(pingRequest+half)) {
				t.Errorf("close: %+v", closed)
			}
		})
	}
}

// TestListenSummary checks the last line of the text formats.
func TestListenSummary(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, pong)
	want := fmt.Sprintf("socktrace: 1 connection, 2 exchanges, %d bytes sent, %d received", 2*len(pingRequest), 2*len(pingResponse))
	for _, format := range []string{"text", "compact"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			l := listenTo(t, daemon, "-f", format)
			c := l.dial()
			ping(t, c)
			ping(t, c)
			c.Close()
			await(t, "the end of the connection", func() bool {
				return strings.Contains(l.saved(), "closed") || format == "compact" && strings.Count(l.saved(), "\n") >= 2
			})
			l.stop(syscall.SIGINT)
			lines := strings.Split(strings.TrimSpace(l.saved()), "\n")
			check(t, "last line", lines[len(lines)-1], want)
		})
	}
	t.Run("quiet", func(t *testing.T) {
		t.Parallel()
		l := listenWith(t, nil, daemon, "-q")
		c := l.dial()
		ping(t, c)
		ping(t, c)
		got := l.stop(syscall.SIGINT)
		check(t, "stdout", got.out, "")
		if !strings.HasSuffix(got.err, "\n"+want+"\n") {
			t.Errorf("stderr %q does not end in %q", got.err, want)
		}
	})
}

// TestListenKilled starts again where a killed listener was.
func TestListenKilled(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, pong)
	l := listenTo(t, daemon)
	ping(t, l.dial())
	check(t, "status", l.stop(syscall.SIGKILL).status, "signal: killed")
	if _, err := os.Lstat(l.path); err != nil {
		t.Fatalf("the killed listener left nothing to take over: %v", err)
	}
	again := socktrace(t, nil, "listen", "-q", "--listen", "unix://"+l.path, "--upstream", "unix://"+daemon)
	again.err.await(t, "listening on")
	ping(t, dialUnix(t, l.path))
	check(t, "status", again.stop(syscall.SIGTERM).status, "exit status 0")
}

// TestListenTakenAway replaces the socket: the end must not remove another's.
func TestListenTakenAway(t *testing.T) {
	t.Parallel()
	l := listenTo(t, idle(t))
	if err := os.Remove(l.path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.stop(syscall.SIGTERM)
	check(t, "file", readFile(t, l.path), "mine")
}

// TestListenBeforeDaemon listens before there is a daemon.
func TestListenBeforeDaemon(t *testing.T) {
	t.Parallel()
	path := filepath.Join(shortDir(t), "d.sock")
	l := listenTo(t, path, "-f", "jsonl")
	missing := "socktrace: upstream unix://" + path + ": no such file or directory; it may come later\n"
	check(t, "first message", strings.HasPrefix(l.process.err.String(), missing), true)
	c := l.dial()
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("%d bytes, %v from a daemon that is not there", n, err)
	}
	await(t, "the end of the connection", func() bool { return strings.Contains(l.saved(), `{"event":"close"`) })
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		if c, err := ln.Accept(); err == nil {
			pong(c)
		}
	}()
	ping(t, l.dial())
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
	closed := parseEvents(t, l.saved()).of("close")
	if len(closed) != 2 || !strings.Contains(closed[0].Error+closed[1].Error, "no such file or directory") {
		t.Errorf("close events: %+v", closed)
	}
}

// TestListenModes checks that the socket is as open as the daemon's.
func TestListenModes(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o600, 0o660, 0o666} {
		daemon := idle(t)
		if err := errors.Join(os.Chmod(daemon, mode), os.Chmod(filepath.Dir(daemon), 0o755)); err != nil {
			t.Fatal(err)
		}
		l := listenTo(t, daemon)
		info, err := os.Stat(l.path)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "mode of the socket", info.Mode().Perm(), mode)
		info, err = os.Stat(l.file)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "mode of the output", info.Mode().Perm(), 0o600)
	}
}

// TestListenTCP listens on a port of its own choice.
func TestListenTCP(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "trace")
	p := socktrace(t, nil, "listen", "-f", "jsonl", "-o", file, "--listen", "tcp://127.0.0.1:0", "--upstream", "unix://"+fakeDaemon(t, pong))
	p.err.await(t, " for unix://")
	_, rest, _ := strings.Cut(p.err.String(), "listening on tcp://")
	addr, _, _ := strings.Cut(rest, " ")
	resp, err := http.Get("http://" + addr + "/_ping")
	// The daemon expects a request of a fixed length, which this is not.
	if err == nil {
		resp.Body.Close()
	}
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ping(t, c)
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
	parseEvents(t, readFile(t, file)).operation(t, "SystemPing")
}

// TestListenExposed says who can use the daemon by a port.
func TestListenExposed(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, pong)
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"--listen", "tcp://localhost:0"}, "\nsocktrace: every user of this machine can do by this address all that the daemon lets you do\n"},
		{[]string{"--listen", "tcp://0.0.0.0:0", "--expose"}, "\nsocktrace: whoever reaches this address can do all that the daemon lets you do\n"},
	} {
		p := socktrace(t, nil, append([]string{"listen", "-q", "--upstream", "unix://" + daemon}, test.args...)...)
		p.err.await(t, test.says)
		check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
	}
}

// TestListenDefaultSocket checks where it listens if nobody says.
func TestListenDefaultSocket(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	p := socktrace(t, func(c *exec.Cmd) { c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir) },
		"listen", "-q", "--upstream", "unix://"+fakeDaemon(t, pong))
	p.err.await(t, "listening on unix://"+dir+"/socktrace.sock")
	ping(t, dialUnix(t, dir+"/socktrace.sock"))
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
}

// TestFindUpstream: an address that is given is reached as docker -H reaches it.
func TestFindUpstream(t *testing.T) {
	getenv := func(name string) string {
		return map[string]string{"DOCKER_HOST": "tcp://other:1", "DOCKER_TLS": "1", "DOCKER_CERT_PATH": t.TempDir()}[name]
	}
	for _, tt := range []struct {
		flag, addr     string
		tls, byCommand bool
	}{
		{"", "tcp://other:1", true, false},
		{"h:2", "tcp://h:2", true, false},
		{"./s", "unix://./s", false, false},
		{"unix://@name", "unix://@name", false, false},
		{"ssh://me@far/run/s", "ssh://me@far/run/s", false, true},
	} {
		u, err := (&options{upstream: tt.flag}).findUpstream(getenv)
		if err != nil || u.Addr.String() != tt.addr || (u.TLS != nil) != tt.tls || (u.Command != nil) != tt.byCommand {
			t.Errorf("%q: got %+v, %v", tt.flag, u, err)
		}
	}
	if _, err := (&options{upstream: "npipe://x"}).findUpstream(getenv); err == nil || strings.Contains(err.Error(), "DOCKER_HOST") {
		t.Errorf("got %v", err)
	}
}
