package intercept

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"
)

// isAlive reports whether a process has the socket at path, without connecting.
func isAlive(path string) bool { return checkBound(path) == nil }

// checkStream returns an error if the socket at path is not a stream, which it tells
// without connecting to one: sockets of another kind are refused by their own error.
func checkStream(path string) error {
	for _, kind := range []int{unix.SOCK_DGRAM, unix.SOCK_SEQPACKET} {
		fd, err := unix.Socket(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			continue // nobody knows
		}
		err = unix.Connect(fd, &unix.SockaddrUnix{Name: path})
		unix.Close(fd)
		if err == nil {
			return errors.New("it is no stream socket: no HTTP daemon listens there")
		}
	}
	return nil
}

// exchange has the two files of a place change their names in one step: at no moment
// is nothing at either. It returns ErrNotExist if one of them is not there.
func (p place) exchange() error {
	return p.explain(unix.Renameat2(unix.AT_FDCWD, p.aside, unix.AT_FDCWD, p.path, unix.RENAME_EXCHANGE))
}

// exchangeIf exchanges the two files if they are those two. It looks again after it
// has: where a daemon made another socket just then, that gets its name back.
func (p place) exchangeIf(atPath, atAside fileID) (done bool, err error) {
	if !isSocketAt(atPath, p.path) || !isSocketAt(atAside, p.aside) {
		return false, nil
	}
	if err := p.exchange(); err != nil {
		return false, err
	}
	if isSocketAt(atPath, p.aside) {
		return true, nil
	}
	return false, p.exchange()
}

// explain says in words what keeps this user from a place.
func (p place) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return err
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return fmt.Errorf("the file system of %s cannot exchange two files in one step (RENAME_EXCHANGE)", p.dir)
	case errors.Is(err, unix.EBUSY):
		return errors.New("it is a mount point, as a socket is that was handed into a container: do it where the daemon runs")
	case errors.Is(err, unix.EROFS):
		return fmt.Errorf("directory %s is read-only", p.dir)
	case errors.Is(err, fs.ErrPermission) && p.isSticky():
		return fmt.Errorf("only its owner, and that of the directory %s, may replace a file there (it is sticky): %w", p.dir, fs.ErrPermission)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("this needs the right to write to the directory %s: %w", p.dir, fs.ErrPermission)
	}
	return err
}

func (p place) isSticky() bool {
	var s unix.Stat_t
	return unix.Stat(p.dir, &s) == nil && s.Mode&unix.S_ISVTX != 0
}
