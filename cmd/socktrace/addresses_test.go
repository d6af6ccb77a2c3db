//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// freePort returns an address on loopback that nobody listens on.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestBasePath has docker ask for all below the base path of the upstream, which a
// proxy takes off.
func TestBasePath(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			daemon, ok := strings.CutPrefix(os.Getenv("DOCKER_HOST"), "unix://")
			if !ok {
				need.Skip(t, "docker", "the daemon is not on a unix socket")
			}
			proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "docker"})
			proxy.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "unix", daemon)
			}}
			s := httptest.NewServer(http.StripPrefix("/a/base", proxy))
			defer s.Close()
			at := strings.Replace(s.URL, "http://", "tcp://", 1) + "/a/base"
			for _, args := range [][]string{
				{"--upstream", at, "--", docker.path},
				{"--", docker.path, "-H", at},
			} {
				file := filepath.Join(t.TempDir(), "trace.jsonl")
				args = append([]string{"run", "-f", "jsonl", "-o", file}, args...)
				got := socktrace(t, environ("DOCKER_HOST="), append(args, "run", "--rm", "--network", "none", testImage, "echo", "hi")...).end()
				check(t, "stdout", got.out, "hi\n")
				check(t, "status", got.status, "exit status 0")
				wantIn(t, got.err, "/a/base meanwhile: a base path needs TCP\n")
				all := parseEvents(t, readFile(t, file))
				check(t, "frames", all.text("stdout"), "hi\n")
				done := strings.Join(all.exchanges(), "\n")
				for _, want := range []string{"HEAD SystemPingHead 200 done", "POST ContainerCreate 201 done", "POST ContainerStart 204 done"} {
					wantIn(t, done, want)
				}
			}
		})
	}
}

// TestListenBase tells the base path that clients are to send.
func TestListenBase(t *testing.T) {
	t.Parallel()
	at := "tcp://" + refusing(t)
	p := socktrace(t, nil, "listen", "--listen", "tcp://127.0.0.1:0", "--upstream", at+"/base")
	p.err.await(t, "/base for "+at+"/base\n")
	check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
	for listen, want := range map[string]string{
		"unix:///tmp/x.sock": "socktrace: listen unix:///tmp/x.sock: clients of such a socket do not send the base path /base of the upstream\n" +
			"socktrace: hint: --listen tcp://127.0.0.1:2375/base\n",
		"tcp://127.0.0.1:0/other": "socktrace: listen tcp://127.0.0.1:0/other: the base path of the upstream is /base, and what clients send is not changed\n" +
			"socktrace: hint: --listen tcp://127.0.0.1:0/base\n",
	} {
		got := socktrace(t, nil, "listen", "--listen", listen, "--upstream", at+"/base").end()
		check(t, "status", got.status, "exit status 2")
		check(t, "stderr", got.err, want)
	}
}

// TestPathAlone takes a path in DOCKER_HOST for one of TCP, as docker does, and says what
// was probably meant.
func TestPathAlone(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	at := refusing(t)
	got := socktrace(t, environ("DOCKER_HOST="+at+daemon), "run", "--", "true").end()
	check(t, "status", got.status, "exit status 125")
	check(t, "stderr", got.err, "socktrace: upstream tcp://"+at+daemon+": connection refused\n"+
		"socktrace: hint: there is a socket at that path: did you mean unix://"+daemon+"?\n")
}

// respond answers requests with a word, one a connection, until it is stopped.
func respond(t testing.TB, l net.Listener, word string) (stop func()) {
	t.Helper()
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, word) })}
	go s.Serve(l)
	stop = func() { s.Close() }
	t.Cleanup(stop)
	return stop
}

// askAt asks for something on a connection of its own, which it returns, and for what
// came back; empty if nothing did.
func askAt(t testing.TB, network, at string) (net.Conn, string) {
	t.Helper()
	c, err := net.Dial(network, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n")
	b := make([]byte, 4096)
	n, _ := c.Read(b)
	_, body, _ := strings.Cut(string(b[:n]), "\r\n\r\n")
	return c, body
}

// TestUpstreamRestarts ends clients as the daemon does, and takes new ones to the
// daemon that came after.
func TestUpstreamRestarts(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(shortDir(t), "d.sock")
	for network, at := range map[string]string{"unix": socket, "tcp": freePort(t)} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			start := func(word string) (stop func()) {
				l, err := net.Listen(network, at)
				if err != nil {
					t.Fatal(err)
				}
				return respond(t, l, word)
			}
			stop := start("one")
			ours := filepath.Join(shortDir(t), "s.sock")
			p := socktrace(t, nil, "listen", "-q", "--listen", "unix://"+ours, "--upstream", network+"://"+at)
			p.err.await(t, "listening on ")
			for i, word := range []string{"two", "three"} {
				c, got := askAt(t, "unix", ours)
				check(t, "the answer", got, []string{"one", "two"}[i])
				stop()
				if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil || os.IsTimeout(err) {
					t.Errorf("the connection goes on: %d, %v", n, err)
				}
				if _, got := askAt(t, "unix", ours); got != "" {
					t.Errorf("nobody is there, and answers %q", got)
				}
				stop = start(word)
			}
			_, got := askAt(t, "unix", ours)
			check(t, "the answer", got, "three")
			end := p.stop(syscall.SIGTERM)
			check(t, "status", end.status, "exit status 0")
			wantIn(t, end.err, "socktrace: 5 connections, 3 exchanges, ")
		})
	}
}

// TestWait waits for a daemon that is not there yet, says so once, and begins when it
// is.
func TestWait(t *testing.T) {
	t.Parallel()
	left := filepath.Join(shortDir(t), "d.sock") // by a daemon that is gone
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: left, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, c := range []struct{ name, network, at, why string }{
		{"no file", "unix", filepath.Join(shortDir(t), "d.sock"), "no such file or directory"},
		{"left behind", "unix", left, "connection refused"},
		{"tcp", "tcp", freePort(t), "connection refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			says := "socktrace: upstream " + c.network + "://" + c.at + ": " + c.why
			up := []string{"--upstream", c.network + "://" + c.at}
			got := socktrace(t, nil, append([]string{"run", "--wait=300ms"}, append(up, "--", "echo", "ran")...)...).end()
			check(t, "status of who waits too long", got.status, "exit status 125")
			check(t, "stdout", got.out, "")
			check(t, "stderr", got.err, says+": waiting for it\n"+says+", for 300ms now\n"+
				"socktrace: hint: is the daemon running? --upstream names another\n")

			run := socktrace(t, nil, append([]string{"run", "--wait"}, append(up, "--", "echo", "ran")...)...)
			ours := filepath.Join(shortDir(t), "s.sock")
			listen := socktrace(t, nil, append([]string{"listen", "--wait=1h", "--listen", "unix://" + ours}, up...)...)
			stopped := socktrace(t, nil, append([]string{"listen", "--wait", "--listen", "unix://" + ours}, up...)...)
			for _, p := range []*process{run, listen, stopped} {
				p.err.await(t, says+": waiting for it\n")
			}
			check(t, "status of who is stopped", stopped.stop(syscall.SIGTERM).status, "exit status 0")
			if _, err := os.Lstat(ours); err == nil {
				t.Error("there is a socket before there is a daemon")
			}
			os.Remove(c.at)
			l, err := net.Listen(c.network, c.at)
			if err != nil {
				t.Fatal(err)
			}
			respond(t, l, "there")
			got = run.end()
			check(t, "stdout", got.out, "ran\n")
			check(t, "what is said", strings.Count(got.err, "waiting"), 1)
			listen.err.await(t, "listening on ")
			_, word := askAt(t, "unix", ours)
			check(t, "the answer", word, "there")
			check(t, "status", listen.stop(syscall.SIGTERM).status, "exit status 0")
		})
	}
	got := socktrace(t, nil, "run", "--wait", "--upstream", "unix://"+t.TempDir(), "--", "true").end()
	wantIn(t, got.err, ": not a socket but a directory\n") // that is not waited for
}

// TestDockerdRestarts keeps a listener while a real daemon goes and comes.
func TestDockerdRestarts(t *testing.T) {
	t.Parallel()
	docker := dockers(t)[0]
	if os.Getuid() != 0 {
		need.Skip(t, "root", "nobody else starts a daemon")
	}
	dockerd, dir := need.Program(t, "dockerd"), shortDir(t)
	socket, ours := filepath.Join(dir, "d.sock"), filepath.Join(dir, "s.sock")
	l := socktrace(t, nil, "listen", "--wait", "-q", "--listen", "unix://"+ours, "--upstream", "unix://"+socket)
	l.err.await(t, "waiting for it")
	for i := range 2 {
		d := launch(t, nil, dockerd, "--data-root", dir+"/root", "--exec-root", dir+"/exec", "-H", "unix://"+socket, "-p", dir+"/pid",
			"--bridge=none", "--iptables=false", "--ip6tables=false")
		await(t, "the daemon", func() bool {
			return ended(d) || launch(t, nil, docker.path, "-H", "unix://"+socket, "version").end().status == "exit status 0"
		})
		if ended(d) {
			need.Skip(t, "dockerd", tail(d.err.String()))
		}
		l.err.await(t, "listening on ")
		watch := launch(t, nil, docker.path, "-H", "unix://"+ours, "events")
		got := launch(t, nil, docker.path, "-H", "unix://"+ours, "info", "--format", "{{.DockerRootDir}}").end()
		check(t, fmt.Sprintf("daemon %d", i+1), got.out+got.status, dir+"/root\nexit status 0")
		if err := d.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		d.end()
		watch.end() // as it would without us
		got = launch(t, nil, docker.path, "-H", "unix://"+ours, "version").end()
		check(t, "status without a daemon", got.status, "exit status 1")
	}
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
}

// TestListenAbstract says who can reach a socket without a file, and how.
func TestListenAbstract(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		need.Skip(t, "Linux", "nothing else has abstract sockets")
	}
	name := fmt.Sprintf("@socktrace-listen-%d", os.Getpid())
	up := name + "-up"
	l, err := net.Listen("unix", up)
	if err != nil {
		t.Fatal(err)
	}
	respond(t, l, "abstract")
	p := socktrace(t, nil, "listen", "-q", "--listen", "unix://"+name, "--upstream", "unix://"+up)
	p.err.await(t, "try: ")
	check(t, "stderr", p.err.String(), "socktrace: listening on unix://"+name+" for unix://"+up+"\n"+
		"socktrace: every user of this machine can do by this address all that the daemon lets you do\n"+
		"socktrace: try: curl --abstract-unix-socket "+name[1:]+" http://localhost/\n")
	_, got := askAt(t, "unix", name)
	check(t, "the answer", got, "abstract")
	check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
}
