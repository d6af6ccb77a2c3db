//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package intercept

import (
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
