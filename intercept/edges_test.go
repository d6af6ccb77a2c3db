//go:build unix

package intercept

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// TestCheckListen leaves everything as it is, where it finds nothing wrong.
func TestCheckListen(t *testing.T) {
	dir := tempDir(t)
	path := filepath.Join(dir, "s")
	stale := filepath.Join(dir, "stale")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, a := range []Addr{{"unix", path}, {"unix", stale}, {"tcp", "127.0.0.1:0"}} {
		if err := CheckListen(a, ListenOptions{}); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 || names[0].Name() != "stale" {
		t.Errorf("left: %v, %v", names, err)
	}
}

// TestExposed listens where other machines may connect only if that is wanted.
func TestExposed(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1:0": false, "127.9.9.9:0": false, "0.0.0.0:0": true, ":0": true} {
		err := CheckListen(Addr{"tcp", address}, ListenOptions{})
		if errors.Is(err, ErrExposed) != want || !want && err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if err := CheckListen(Addr{"tcp", address}, ListenOptions{Exposed: true}); err != nil {
			t.Errorf("%s, exposed: %v", address, err)
		}
	}
	if _, err := Listen(Addr{"tcp", ":0"}, ListenOptions{}); err == nil || err.Error() != "listen tcp://:0: other machines could connect to it" {
		t.Errorf("open to others: %v", err)
	}
	if _, err := Listen(Addr{"tcp", "127.0.0.1:no-such-port"}, ListenOptions{}); err == nil || errors.Is(err, ErrExposed) {
		t.Errorf("no port: %v", err)
	}
}

// TestCommandConn is used as other connections are: it has addresses, and its reads
// and writes have deadlines.
func TestCommandConn(t *testing.T) {
	u := Upstream{Addr: Addr{"ssh", "example"}, Command: []string{need.Program(t, "cat")}}
	c, err := u.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []net.Addr{c.LocalAddr(), c.RemoteAddr()} {
		if a.Network() != "command" || a.String() != "" {
			t.Errorf("address %s %q", a.Network(), a)
		}
	}
	if p := processOf(c, new(names)); p != nil {
		t.Errorf("process %+v", p)
	}
	past := time.Unix(1, 0)
	one := make([]byte, 1)
	late := func(what string, err error, want bool) {
		t.Helper()
		if errors.Is(err, os.ErrDeadlineExceeded) != want || !want && err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	send := func() error { _, err := c.Write([]byte("x")); return err }
	get := func() error { _, err := io.ReadFull(c, one); return err }
	late("no deadline", send(), false)
	late("no deadline", get(), false)
	late("set", c.SetReadDeadline(past), false)
	late("read", get(), true)
	late("write, and reads are late", send(), false)
	late("set", c.SetDeadline(time.Time{}), false)
	late("read again", get(), false)
	late("set", c.SetWriteDeadline(past), false)
	late("write", send(), true)
	late("set", c.SetDeadline(past), false)
	late("read", get(), true)
	late("write", send(), true)
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := send(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("behind the end: %v", err)
	}
}

// TestDialFails names the upstream in every error.
func TestDialFails(t *testing.T) {
	long := "/" + strings.Repeat("x", maxUnixPath)
	for _, c := range []struct {
		u    Upstream
		want string
	}{
		{Upstream{Addr: Addr{"ssh", "example"}, Command: []string{"/no/such/command"}}, "upstream ssh://example: no such file or directory"},
		{Upstream{Addr: Addr{"unix", long}}, fmt.Sprintf("upstream unix://%s: path of %d bytes; a unix socket's has at most %d", long, len(long), maxUnixPath)},
		{Upstream{Addr: Addr{"unix", "/no/such/socket"}}, "upstream unix:///no/such/socket: no such file or directory"},
	} {
		if _, err := c.u.Dial(t.Context()); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if err := checkUnixPath(long[:maxUnixPath]); err != nil {
		t.Error(err)
	}
}

// TestFileKind names what is no socket.
func TestFileKind(t *testing.T) {
	for mode, want := range map[os.FileMode]string{
		os.ModeDir: "a directory", os.ModeSymlink: "a symbolic link", 0o600: "a regular file", os.ModeNamedPipe: "a special file", os.ModeDevice: "a special file",
	} {
		if got := fileKind(mode); got != want || isSocket(mode) {
			t.Errorf("%v: %s, a socket: %t", mode, got, isSocket(mode))
		}
	}
	if !isSocket(os.ModeSocket|0o600) || !isSocket(os.ModeIrregular) {
		t.Error("a socket is none")
	}
}

// TestNoDescriptor has connections without one, and one that is closed.
func TestNoDescriptor(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	called := func(int) { t.Error("it has a descriptor") }
	if control(near, called) {
		t.Error("a pipe within the process is a socket")
	}
	if got := clientPeer(near, new(names)); got != (wire.Peer{}) {
		t.Errorf("%+v", got)
	}
	if gone, err := awaitHangup(near); gone || err != nil {
		t.Errorf("gone: %t, %v", gone, err)
	}
	u := daemon(t, unixSocket, echo)
	c, err := u.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if !control(c, func(int) { n++ }) || n != 1 {
		t.Errorf("called %d times", n)
	}
	c.Close()
	if control(c, called) {
		t.Error("one that is closed is open")
	}
}

// TestDrainUnserved closes the listener of a proxy that does not serve, or not yet.
func TestDrainUnserved(t *testing.T) {
	l, err := Listen(Addr{"tcp", "127.0.0.1:0"}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Listener: l}
	p.Drain(context.Background())
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept: %v", err)
	}
	if err := p.Serve(context.Background()); err != nil || p.Connections() != 0 {
		t.Errorf("%v, %d connections", err, p.Connections())
	}
}

// TestDescriptorsTaken counts what connections take: a command has more than a
// socket.
func TestDescriptorsTaken(t *testing.T) {
	if n := byCommand.descriptors(); n != 4 {
		t.Errorf("%d of a command", n)
	}
	if n := (Upstream{Addr: Addr{"tcp", "x:1"}}).descriptors(); n != 1 {
		t.Errorf("%d of a socket", n)
	}
	if r := newRoom(1 << 30); cap(r.taken) != 1 {
		t.Errorf("room for %d that take all there is", cap(r.taken))
	}
}
