package intercept

import (
	"io"
	"net"
	"os"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/internal/testpeer"
	"github.com/socktrace/socktrace/wire"
	"golang.org/x/sys/unix"
)

// TestDescriptorsAreTold passes descriptors in both directions: the bytes arrive,
// and the loss of the descriptors is counted and told.
func TestDescriptorsAreTold(t *testing.T) {
	rights := unix.UnixRights(int(os.Stdout.Fd()), int(os.Stderr.Fd()))
	pass := func(c net.Conn, text string) {
		if n, _, err := c.(*net.UnixConn).WriteMsgUnix([]byte(text), rights, nil); n != len(text) || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
		read(t, c, "with")
		pass(c, "answer")
		io.Copy(c, onlyReader{c})
	})
	c := r.dial()
	pass(c, "with")
	b, oob := make([]byte, 100), make([]byte, 100)
	n, oobn, _, _, err := c.(*net.UnixConn).ReadMsgUnix(b, oob)
	if string(b[:n]) != "answer" || oobn != 0 || err != nil {
		t.Errorf("got %q, %d bytes of control, %v", b[:n], oobn, err)
	}
	pass(c, "again")
	read(t, c, "again")
	write(t, c, "without")
	read(t, c, "without")
	c.Close()
	rec := r.ended()
	if got := string(rec.bytes(wire.ToServer)); got != "withagainwithout" {
		t.Errorf("the tap saw %q", got)
	}
	if n := r.proxy.DescriptorsLost(); n != 3 {
		t.Errorf("%d messages with descriptors; want 3", n)
	}
	want := []string{"descriptors of files were passed: the other side does not get them"}
	if w := r.warned(); !slices.Equal(w, want) {
		t.Errorf("warnings: %q", w)
	}
}

// TestFullBacklog has a daemon that accepts late, with room for one client in its
// queue: the others wait.
func TestFullBacklog(t *testing.T) {
	a := freeAddr(t, unixSocket)
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: a.Address}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "daemon")
	l, err := net.FileListener(f)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f.Close()
	r := newRigTo(t, unixSocket, Upstream{Addr: a})
	const many = 5
	var clients []half
	for range many {
		c := r.dial()
		write(t, c, "hello")
		clients = append(clients, c)
	}
	testpeer.Serve(t, l, func(c net.Conn) { echo(c) })
	for _, c := range clients {
		read(t, c, "hello")
	}
	if w := r.warned(); len(w) > 0 {
		t.Errorf("warnings: %q", w)
	}
}

// TestStopWhileQueueIsFull ends although the upstream never accepts.
func TestStopWhileQueueIsFull(t *testing.T) {
	a := freeAddr(t, unixSocket)
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: a.Address}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	r := newRigTo(t, unixSocket, Upstream{Addr: a})
	for range 4 {
		r.dial()
	}
	for r.proxy.Connections() < 4 {
		r.pause()
	}
	r.stop()
	r.wait(r.done, "Serve did not return")
	for range 4 {
		if rec := r.ended(); rec.err != wire.ErrStopped {
			t.Errorf("end: %v; want %v", rec.err, wire.ErrStopped)
		}
	}
}
