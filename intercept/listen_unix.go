//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package intercept

import (
	"errors"
	"net"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// umask guards the file mode mask, which belongs to the whole process: two
// sockets bound at once would restore each other's.
var umask sync.Mutex

// bindPrivately listens on a new socket that only its owner may connect to.
func bindPrivately(path string) (*net.UnixListener, error) {
	umask.Lock()
	defer umask.Unlock()
	defer syscall.Umask(syscall.Umask(0o177))
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}

// checkWritable reports whether this process may connect to the socket at path.
func checkWritable(path string) error { return unix.Access(path, unix.W_OK) }

// checkBound returns an error if no process has the socket at path any more, which
// it tells without connecting to one: a socket of the other kind is refused with
// one error if a process is there, and with another if none is.
func checkBound(path string) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return nil // nobody knows
	}
	defer unix.Close(fd)
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); errors.Is(err, unix.ECONNREFUSED) {
		return err
	}
	return nil
}
