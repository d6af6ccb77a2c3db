//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package intercept

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// lockWait bounds the wait for another process that is about to listen in the
// same directory, which takes milliseconds.
const lockWait = 5 * time.Second

// lockDir locks a directory against other processes that make or remove
// sockets in it by this package. Without it, two of them that find the same
// stale socket could each remove what the other has just made.
func lockDir(dir string) (unlock func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("directory %s: %w", dir, cause(err))
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(10 * time.Millisecond) {
		err = unix.Flock(int(d.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return func() { d.Close() }, nil
		case errors.Is(err, unix.EINTR):
		case !errors.Is(err, unix.EWOULDBLOCK), time.Now().After(end):
			d.Close()
			return nil, fmt.Errorf("lock directory %s: %w", dir, err)
		}
	}
}

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

// shareLike opens the socket at path to those who may use the one at like, but
// never to more: without its group there are no rights for the group.
func shareLike(path, like string) error {
	var model, own unix.Stat_t
	if like == "" || unix.Stat(like, &model) != nil {
		return nil // stays private
	}
	if err := unix.Lstat(path, &own); err != nil {
		return err
	}
	mode := uint32(model.Mode) & 0o666
	if own.Gid != model.Gid && os.Lchown(path, -1, int(model.Gid)) != nil {
		mode &^= 0o070
	}
	return os.Chmod(path, os.FileMode(mode))
}

// checkWritable reports whether this process may connect to the socket at path.
func checkWritable(path string) error { return unix.Access(path, unix.W_OK) }
