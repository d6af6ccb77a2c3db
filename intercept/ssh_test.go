package intercept

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestSSH runs a command named ssh that connects to a daemon here.
func TestSSH(t *testing.T) {
	args := fakeSSH(t, "dial-stdio")
	u := daemon(t, unixSocket, func(c net.Conn) {
		b, _ := io.ReadAll(c)
		time.Sleep(100 * time.Millisecond)
		c.Write(append([]byte("got "), b...))
	})
	t.Setenv("INTERCEPT_TEST_SOCKET", u.Addr.Address)
	a, err := ParseAddr("ssh://me@example:2222/run/it's here.sock")
	if err != nil {
		t.Fatal(err)
	}
	r := newRigTo(t, unixSocket, Upstream{Addr: a})
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
	b, err := os.ReadFile(args)
	want := `-T -p 2222 -l me -o ConnectTimeout=30 -- example docker '--host=unix:///run/it'\''s here.sock' system dial-stdio` + "\n"
	if got, _, _ := strings.Cut(string(b), "\n"); err != nil || got+"\n" != want {
		t.Errorf("arguments: %s, %v\nwant:      %s", got, err, want)
	}
}

func TestSSHClientKilled(t *testing.T) {
	fakeSSH(t, "dial-stdio")
	gone := make(chan struct{})
	u := daemon(t, unixSocket, func(c net.Conn) {
		io.Copy(io.Discard, onlyReader{c})
		close(gone)
	})
	t.Setenv("INTERCEPT_TEST_SOCKET", u.Addr.Address)
	r := newRigTo(t, unixSocket, Upstream{Addr: Addr{"ssh", "example"}})
	c := r.dial()
	write(t, c, "request")
	c.Close()
	r.wait(gone, "the daemon did not see the end")
	r.ended()
}

func TestSSHFails(t *testing.T) {
	fakeSSH(t, "fail")
	r := newRigTo(t, unixSocket, Upstream{Addr: Addr{"ssh", "example"}})
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

// fakeSSH puts a command named ssh into PATH that plays role, and returns the
// file that its arguments go to.
func fakeSSH(t *testing.T, role string) (args string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("sh"); err != nil || runtime.GOOS == "windows" {
		t.Skip("no shell to play ssh with")
	}
	dir := tempDir(t)
	args = filepath.Join(dir, "args")
	text := "#!/bin/sh\necho \"$*\" >>" + args + "\nexec " + self + "\n"
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("INTERCEPT_TEST_ROLE", role)
	return args
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
