//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// fifo makes a named pipe.
func fifo(t testing.TB) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// inBackground starts a program as a script does behind a &: with SIGINT ignored.
func inBackground(c *exec.Cmd) {
	c.Args = append([]string{"sh", "-c", `trap "" INT QUIT; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
	c.Path = "/bin/sh"
}

// askedTo are the ways in which a program is asked to end.
var askedTo = []struct {
	name    string
	prepare func(*exec.Cmd)
	signal  syscall.Signal
}{
	{"INT", nil, syscall.SIGINT},
	{"TERM", nil, syscall.SIGTERM},
	{"INT in the background", inBackground, syscall.SIGINT},
	{"TERM in the background", inBackground, syscall.SIGTERM},
}

// TestStopWhileOpening has an output, or what is to be read, be a pipe that does not
// open: nothing is listened on meanwhile, and whoever asks it to end is heard.
func TestStopWhileOpening(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	some := filepath.Join(t.TempDir(), "some.har")
	if err := os.WriteFile(some, []byte(`{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"listen -o", "listen -q --har", "listen -q --pcapng", "run -o", "run -q --har", "demo -o", "demo -q --pcapng", "read -o", "read -q --har", "read"} {
		for _, asked := range askedTo {
			t.Run(command+"/"+asked.name, func(t *testing.T) {
				t.Parallel()
				pipe, path := fifo(t), filepath.Join(shortDir(t), "s.sock")
				args := append(strings.Fields(command), pipe)
				switch args[0] {
				case "listen":
					args = append(args, "--listen", "unix://"+path, "--upstream", "unix://"+daemon)
				case "run":
					args = append(args, "--upstream", "unix://"+daemon, "--", "echo", "it ran")
				case "read":
					if command == "read" {
						args = append(args, "-q", "--pcapng", path)
					} else {
						args = append(args, some)
					}
				}
				p := socktrace(t, asked.prepare, args...)
				if command == "read" {
					p.err.await(t, "socktrace: "+path+" gets every byte as it was sent")
				} else {
					p.err.await(t, "socktrace: waiting for "+pipe+" to open\n")
					if _, err := os.Lstat(path); !os.IsNotExist(err) {
						t.Errorf("the socket is there: %v", err)
					}
				}
				got := p.stop(asked.signal)
				check(t, "stdout", got.out, "")
				said, want := pipe+" was not opened: interrupted\n", "exit status 1"
				switch {
				case command == "read":
					said = "socktrace: interrupted before anything was read\n"
				case args[0] == "run":
					want = "exit status 125"
				}
				if !strings.HasSuffix(got.err, said) {
					t.Errorf("stderr %q", got.err)
				}
				check(t, "status", got.status, want)
			})
		}
	}
}

// TestOpensLate goes on when somebody reads the pipe after all.
func TestOpensLate(t *testing.T) {
	t.Parallel()
	pipe, path := fifo(t), filepath.Join(shortDir(t), "s.sock")
	p := socktrace(t, nil, "listen", "-f", "jsonl", "-o", pipe, "--listen", "unix://"+path, "--upstream", "unix://"+fakeDaemon(t, pong))
	p.err.await(t, "waiting for "+pipe+" to open")
	r, err := os.Open(pipe)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p.err.await(t, "listening on")
	ping(t, dialUnix(t, path))
	if line, err := bufio.NewReader(r).ReadString('\n'); err != nil || !strings.Contains(line, `"event":"open"`) {
		t.Errorf("%q, %v", line, err)
	}
	check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
}

// TestStopInBackground ends a listener whose caller has it ignore SIGINT.
func TestStopInBackground(t *testing.T) {
	t.Parallel()
	for _, asked := range askedTo {
		l := listenWith(t, asked.prepare, fakeDaemon(t, pong), "-q")
		ping(t, l.dial())
		check(t, asked.name, l.stop(asked.signal).status, "exit status 0")
	}
}

// TestStopTwice ends at once when it is asked again while it still waits for an
// output.
func TestStopTwice(t *testing.T) {
	t.Parallel()
	for _, asked := range askedTo {
		t.Run(asked.name, func(t *testing.T) {
			t.Parallel()
			heed(t, asked.signal)
			want := "signal: " + asked.signal.String()
			if asked.name == "INT in the background" {
				want = "exit status 1"
			}
			// On a busy machine it may have given its output up before it is asked again.
			got := ""
			for tries := 0; tries < 5 && got != want; tries++ {
				got = askedTwice(t, asked.prepare, asked.signal)
			}
			check(t, "status", got, want)
		})
	}
}

// askedTwice returns how a listener ends that waits for its output.
func askedTwice(t *testing.T, prepare func(*exec.Cmd), s syscall.Signal) string {
	t.Helper()
	r, piped := stdoutPipe(t)
	defer r.Close()
	l := listenWith(t, func(c *exec.Cmd) {
		if piped(c); prepare != nil {
			prepare(c)
		}
	}, fakeDaemon(t, frames))
	c := l.dial()
	if err := readFrames(c, bufio.NewReader(c), 20_000); err != nil { // more than the pipe holds
		t.Fatal(err)
	}
	if err := l.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	await(t, "the first to be heard", func() bool { _, err := os.Lstat(l.path); return os.IsNotExist(err) })
	time.Sleep(closeBehind + closeBehind/4)
	_ = l.Process.Signal(s) // it may have ended
	return l.end().status
}

// TestMessagesNeverRead has nobody read standard error, which is full: the traffic
// goes on, and the end comes.
func TestMessagesNeverRead(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	fill(t, w)
	path, daemon := filepath.Join(shortDir(t), "s.sock"), filepath.Join(shortDir(t), "d.sock")
	p := socktrace(t, func(c *exec.Cmd) { c.Stderr = w }, "listen", "-q", "--pcapng", filepath.Join(t.TempDir(), "x"),
		"--listen", "unix://"+path, "--upstream", "unix://"+daemon)
	await(t, "the socket", func() bool { _, err := os.Lstat(path); return err == nil })
	c := dialUnix(t, path) // there is no daemon: that is to be told
	if b, err := io.ReadAll(c); len(b) > 0 || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	l, err := net.Listen("unix", daemon)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			go pong(c)
		}
	}()
	ping(t, dialUnix(t, path))
	check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
}

// fill writes to a pipe until it takes nothing more.
func fill(t *testing.T, w *os.File) {
	t.Helper()
	for piece := 4 << 10; piece > 0; piece /= 8 {
		for {
			if err := w.SetWriteDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(make([]byte, piece)); errors.Is(err, os.ErrDeadlineExceeded) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// isFull reports whether a write to a pipe would block.
func isFull(w *os.File) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(w.Fd()), Events: unix.POLLOUT}}, 0)
	return err == nil && n == 0
}

// TestReadStopped ends although nobody takes what it reads.
func TestReadStopped(t *testing.T) {
	t.Parallel()
	const many = 20_000
	recorded := filepath.Join(t.TempDir(), "recorded.pcapng")
	l := listenWith(t, nil, fakeDaemon(t, frames), "-q", "--pcapng", recorded)
	c := l.dial()
	if err := readFrames(c, bufio.NewReader(c), many); err != nil {
		t.Fatal(err)
	}
	l.stop(syscall.SIGTERM)
	for _, flags := range []string{"-f text", "-f jsonl", "-q --har -"} {
		for _, asked := range askedTo {
			t.Run(flags+"/"+asked.name, func(t *testing.T) {
				t.Parallel()
				r, w, err := os.Pipe()
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				p := socktrace(t, func(c *exec.Cmd) {
					c.Stdout = w
					if asked.prepare != nil {
						asked.prepare(c)
					}
				}, append(append([]string{"read"}, strings.Fields(flags)...), recorded)...)
				defer w.Close()
				if _, err := io.ReadFull(r, make([]byte, 1000)); err != nil {
					t.Fatal(err)
				}
				await(t, "a full pipe", func() bool { return isFull(w) })
				got := p.stop(asked.signal)
				if want := " does not move: its end was not written\n"; !strings.Contains(got.err, want) {
					t.Errorf("%s: stderr %q without %q", got.status, got.err, want)
				}
			})
		}
	}
}

// TestStopWhileDialling ends although what it connects to does not answer: a port
// that says nothing in return for a TLS handshake, and a command that hangs.
func TestStopWhileDialling(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "ssh"), []byte("#!/bin/sh\ntrap '' TERM HUP PIPE\nwhile :; do sleep 1; done\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, upstream := range map[string]string{"TLS": "tcp://" + silent.Addr().String(), "ssh": "ssh://far"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(shortDir(t), "s.sock")
			env := environ("DOCKER_TLS=1", "DOCKER_CERT_PATH="+bin, "PATH="+bin+":"+os.Getenv("PATH"))
			alone := func(c *exec.Cmd) {
				env(c)
				c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal to ask anything on
			}
			p := socktrace(t, alone, "listen", "-f", "jsonl", "--listen", "unix://"+path, "--upstream", upstream)
			p.err.await(t, "listening on")
			c := dialUnix(t, path)
			if _, err := io.WriteString(c, pingRequest); err != nil {
				t.Fatal(err)
			}
			if name == "TLS" {
				dialled, err := silent.Accept()
				if err != nil {
					t.Fatal(err)
				}
				defer dialled.Close()
			} else {
				p.out.await(t, `"event":"open"`)
			}
			got := p.stop(syscall.SIGTERM)
			check(t, "status", got.status, "exit status 0")
		})
	}
}

// TestFewDescriptors has more clients at once than there are descriptors for: none
// is refused, and each is served when others have gone.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	const many = 100
	l := listenWith(t, func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `ulimit -n 32; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}, fakeDaemon(t, pong), "-q", "--har", filepath.Join(t.TempDir(), "few.har"), "--pcapng", filepath.Join(t.TempDir(), "few.pcapng"))
	clients := make([]*net.UnixConn, many)
	for i := range clients {
		clients[i] = l.dial()
		if _, err := io.WriteString(clients[i], pingRequest); err != nil {
			t.Fatal(err)
		}
	}
	l.err.await(t, "socktrace: accept: too many open files: clients wait until others have gone (ulimit -n is 32)\n")
	answered := make(chan error)
	for _, c := range clients {
		go func() {
			b := make([]byte, len(pingResponse))
			_, err := io.ReadFull(c, b)
			if err == nil && string(b) != pingResponse {
				err = fmt.Errorf("got %q", b)
			}
			c.Close()
			answered <- err
		}()
	}
	for range clients {
		if err := <-answered; err != nil {
			t.Error(err)
		}
	}
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	check(t, "messages", strings.Count(got.err, "too many open files"), 1)
	check(t, "summary", strings.Contains(got.err, fmt.Sprintf("socktrace: %d connections, %[1]d exchanges, ", many)), true)
}
