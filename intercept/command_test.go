package intercept

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// byCommand is a daemon that a command named ssh leads to.
var byCommand = Upstream{Addr: Addr{"ssh", "example"}, Command: []string{"ssh", "example"}}

// TestCommand runs a command that connects to a daemon here.
func TestCommand(t *testing.T) {
	fakeSSH(t, "dial-stdio")
	u := daemon(t, unixSocket, func(c net.Conn) {
		b, _ := io.ReadAll(c)
		time.Sleep(100 * time.Millisecond)
		c.Write(append([]byte("got "), b...))
	})
	t.Setenv("INTERCEPT_TEST_SOCKET", u.Addr.Address)
	r := newRigTo(t, unixSocket, byCommand)
	for range 3 {
		c := r.dial()
		write(t, c, "request")
		c.CloseWrite()
		read(t, c, "got request")
		readEOF(t, c)
		if rec := r.ended(); rec.err != nil {
			t.Errorf("end: %v", rec.err)
		}
	}
}

func TestCommandClientKilled(t *testing.T) {
	fakeSSH(t, "dial-stdio")
	gone := make(chan struct{})
	u := daemon(t, unixSocket, func(c net.Conn) {
		io.Copy(io.Discard, onlyReader{c})
		close(gone)
	})
	t.Setenv("INTERCEPT_TEST_SOCKET", u.Addr.Address)
	r := newRigTo(t, unixSocket, byCommand)
	c := r.dial()
	write(t, c, "request")
	c.Close()
	r.wait(gone, "the daemon did not see the end")
	r.ended()
}

// TestCommandEnds has the command end first: its client is closed altogether, though
// it has not closed itself.
func TestCommandEnds(t *testing.T) {
	fakeSSH(t, "say")
	r := newRigTo(t, unixSocket, byCommand)
	c := r.dial()
	read(t, c, "last words")
	readEOF(t, c)
	if rec := r.ended(); rec.err != nil || string(rec.bytes(wire.ToClient)) != "last words" {
		t.Errorf("end: %v, %q", rec.err, rec.bytes(wire.ToClient))
	}
}

// TestCommandLivesOn has the command close its output alone: what the client still
// says gets there.
func TestCommandLivesOn(t *testing.T) {
	t.Setenv("INTERCEPT_TEST_FILE", filepath.Join(t.TempDir(), "heard"))
	fakeSSH(t, "listen on")
	r := newRigTo(t, unixSocket, byCommand)
	c := r.dial()
	readEOF(t, c)
	write(t, c, "are you there?")
	c.CloseWrite()
	if rec := r.ended(); rec.err != nil {
		t.Errorf("end: %v", rec.err)
	}
	if b, err := os.ReadFile(os.Getenv("INTERCEPT_TEST_FILE")); string(b) != "are you there?" {
		t.Errorf("it heard %q, %v", b, err)
	}
}

// TestCommandKilled stops a proxy whose command does not end by itself.
func TestCommandKilled(t *testing.T) {
	fakeSSH(t, "hang")
	r := newRigTo(t, unixSocket, byCommand)
	c := r.dial()
	read(t, c, "up")
	r.stop()
	r.wait(r.done, "Serve did not return")
	readEOF(t, c)
	if rec := r.ended(); rec.err != wire.ErrStopped {
		t.Errorf("end: %v; want %v", rec.err, wire.ErrStopped)
	}
}

func TestCommandFails(t *testing.T) {
	fakeSSH(t, "fail")
	r := newRigTo(t, unixSocket, byCommand)
	for range 2 {
		c := r.dial()
		readEOF(t, c)
		c.Close()
		const want = "upstream ssh://example: ssh: exit status 255: ssh: connect to host example port 22: Connection refused"
		if rec := r.ended(); rec.err == nil || rec.err.Error() != want {
			t.Errorf("end: %v", rec.err)
		}
		if w := r.warned(); len(w) != 1 || w[0] != want {
			t.Errorf("warnings: %q", w)
		}
	}
}

// TestCommandFailsUnderRequest has the client say something to a command that has failed:
// what that complained of is told, not that it takes nothing.
func TestCommandFailsUnderRequest(t *testing.T) {
	before := &wire.PeerError{Dir: wire.ToClient, Err: syscall.EPIPE}
	for _, test := range []struct {
		dir  wire.Dir
		err  error
		want bool
	}{
		{wire.ToClient, &commandError{"ssh", "no route", errors.New("exit status 255")}, true},
		{wire.ToServer, &commandError{"ssh", "no route", errors.New("exit status 255")}, false},
		{wire.ToClient, syscall.ECONNRESET, false},
	} {
		if got := explains(&wire.PeerError{Dir: test.dir, Err: test.err}, before); got != test.want {
			t.Errorf("%v: %t", test, got)
		}
	}
	fakeSSH(t, "fail")
	r := newRigTo(t, unixSocket, byCommand)
	for range 20 {
		c := r.dial()
		write(t, c, "request")
		readEOF(t, c)
		if rec := r.ended(); rec.err == nil || !strings.Contains(rec.err.Error(), "exit status 255: ssh: connect to host") {
			t.Errorf("end: %v", rec.err)
		}
	}
}

// fakeSSH puts a command named ssh into PATH that plays role.
func fakeSSH(t *testing.T, role string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if need.Program(t, "sh"); runtime.GOOS == "windows" {
		need.Skip(t, "shebang", "scripts are no programs here")
	}
	dir := tempDir(t)
	text := "#!/bin/sh\nexec " + self + "\n"
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("INTERCEPT_TEST_ROLE", role)
}

// playDialStdio is the remote command: stdio to a socket and back.
func playDialStdio() {
	c, err := net.Dial("unix", os.Getenv("INTERCEPT_TEST_SOCKET"))
	if err != nil {
		os.Exit(1)
	}
	go func() {
		io.Copy(c, os.Stdin)
		c.(half).CloseWrite()
	}()
	io.Copy(os.Stdout, c)
}
