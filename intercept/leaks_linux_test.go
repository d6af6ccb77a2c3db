package intercept

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/internal/need"
)

// held returns the descriptors of this process that are of something that begins
// with one of these, such as "pipe:", but for those that known has.
func held(t *testing.T, known map[string]bool, of ...string) map[string]bool {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, name := range names {
		to, _ := os.Readlink("/proc/self/fd/" + name.Name()) // gone already: nothing
		for _, begin := range of {
			if strings.HasPrefix(to, begin) && !known[to] {
				found[to] = true
			}
		}
	}
	return found
}

// uncollected has the collector close nothing that a test has forgotten.
func uncollected(t *testing.T) {
	t.Helper()
	before := debug.SetGCPercent(-1)
	t.Cleanup(func() { debug.SetGCPercent(before) })
}

// TestCommandDescriptors has a command hold two pipes and what is needed of it, and
// nothing when it has ended, or has not begun.
func TestCommandDescriptors(t *testing.T) {
	uncollected(t)
	cat := need.Program(t, "cat")
	known := held(t, nil, "pipe:")
	if _, err := dialCommand([]string{"/no/such/command"}); err == nil {
		t.Fatal("no error")
	}
	if left := held(t, known, "pipe:"); len(left) > 0 {
		t.Errorf("left of no command: %v", left)
	}
	c, err := dialCommand([]string{cat})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(held(t, known, "pipe:")); n != 3 {
		t.Errorf("a command holds %d pipes, want 3", n)
	}
	c.Close()
	if left := held(t, known, "pipe:"); len(left) > 0 {
		t.Errorf("left of a command: %v", left)
	}
}

// TestLockDescriptors leaves no lock open, whether it was held or not.
func TestLockDescriptors(t *testing.T) {
	uncollected(t)
	dir := openDir(t)
	none := func(what string) {
		t.Helper()
		if left := held(t, nil, dir); len(left) > 0 {
			t.Errorf("left of %s: %v", what, left)
		}
	}
	unlock, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(held(t, nil, dir)); n != 1 {
		t.Errorf("a lock has %d descriptors", n)
	}
	unlock()
	none("a lock")
	if err := os.WriteFile(lockFile(dir), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(lockFile(dir), 0o644); err != nil {
		t.Fatal(err)
	}
	if unlock, err = lockDir(dir); err != nil {
		t.Fatal(err)
	}
	unlock()
	none("another's lock")
}

// TestLiveSocketDescriptors looks at a socket that somebody listens on, and leaves
// no connection to it.
func TestLiveSocketDescriptors(t *testing.T) {
	uncollected(t)
	path := filepath.Join(tempDir(t), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const want = "address already in use by a live socket"
	if stale, err := isStale(path); stale || err == nil || err.Error() != want {
		t.Errorf("stale: %t, %v", stale, err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetReadDeadline(time.Now().Add(patience))
	readEOF(t, c)
}

// TestFullSocketIsLive knows a socket as live whose queue has no room.
func TestFullSocketIsLive(t *testing.T) {
	path := filepath.Join(tempDir(t), "s")
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	for err == nil { // until there is no room
		var c net.Conn
		if c, err = net.Dial("unix", path); err == nil {
			defer c.Close()
		}
	}
	_, err = Listen(Addr{"unix", path}, ListenOptions{})
	if want := "listen unix://" + path + ": address already in use by a live socket"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestPeerUnknown knows no process behind a connection that is closed.
func TestPeerUnknown(t *testing.T) {
	u := daemon(t, unixSocket, echo)
	c, err := u.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if p := processOf(c, new(names)); p != nil {
		t.Errorf("process %+v", p)
	}
}

// TestNoACL reads none where there can be none.
func TestNoACL(t *testing.T) {
	if list, err := readACL("/proc/self/status"); list != nil || err != nil {
		t.Errorf("list %v, %v", list, err)
	}
	if err := dropACL("/proc/self/status"); err != nil {
		t.Error(err)
	}
}

// TestDialShort waits for descriptors when there are none, and says so.
func TestDialShort(t *testing.T) {
	u := daemon(t, unixSocket, echo)
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	none := limit
	none.Cur = 0
	var told []string
	p := &Proxy{Upstream: u, Warn: func(err error) {
		told = append(told, err.Error())
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
			t.Error(err)
		}
	}}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	defer unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, _, err := p.dial(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if want := []string{"upstream " + u.Addr.String() + ": too many open files"}; !slices.Equal(told, want) {
		t.Errorf("warnings: %q, want %q", told, want)
	}
}

// TestCommandLeavesBehind ends with its command, though that has left something that
// holds its messages open, as ssh does with its master connection.
func TestCommandLeavesBehind(t *testing.T) {
	t.Parallel()
	sh, held := need.Program(t, "sh"), filepath.Join(tempDir(t), "held")
	if err := unix.Mkfifo(held, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(held, os.O_RDWR, 0) // what is left ends with the test
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c, err := dialCommand([]string{sh, "-c", "cat '" + held + "' >/dev/null & echo up"})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(c); string(b) != "up\n" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	select {
	case <-c.exited:
		if c.err != nil {
			t.Errorf("it failed: %v", c.err)
		}
	default:
		t.Error("it is waited for what it has left")
	}
	c.Close()
}

// TestLongPath listens at a path as long as there can be, and at no longer one.
func TestLongPath(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, strings.Repeat("x", 107-len(dir)-1))
	l, err := Listen(Addr{"unix", path}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := (Upstream{Addr: Addr{"unix", path}}).Check(); err != nil {
		t.Error(err)
	}
	l.Close()
	path += "x"
	_, err = Listen(Addr{"unix", path}, ListenOptions{})
	if want := "listen unix://" + path + ": path of 108 bytes; a unix socket's has at most 107"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
