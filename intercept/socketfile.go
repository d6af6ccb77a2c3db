package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// listenFile listens on a unix socket that has a path.
func listenFile(path string, o ListenOptions) (*Listener, error) {
	abs, err := checkPath(path)
	if err != nil {
		return nil, err
	}
	unlock, err := lockDir(filepath.Dir(abs))
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := bindPrivately(path)
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // it would remove whatever is there by then
	info, err := os.Lstat(path)
	if err == nil {
		err = shareLike(path, o.Like, o.Warn)
	}
	if err != nil {
		l.Close()
		os.Remove(path)
		return nil, err
	}
	return &Listener{Listener: l, local: Addr{"unix", abs}, file: socketFile{abs, info}}, nil
}

// checkFile says whether a new socket may be at path.
func checkFile(path string) error {
	abs, err := checkPath(path)
	if err != nil {
		return err
	}
	if err := checkDir(filepath.Dir(abs)); err != nil {
		return err
	}
	_, err = isStale(path)
	return err
}

// removeStale makes way for a new socket at path: it removes a socket that
// nobody listens on any more, and refuses to touch anything else.
func removeStale(path string) error {
	stale, err := isStale(path)
	if err != nil || !stale {
		return err
	}
	return os.Remove(path)
}

// isStale reports whether a socket is at path that nobody listens on. It is an
// error if anything else is.
func isStale(path string) (bool, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !isSocket(info.Mode()):
		return false, fmt.Errorf("%w: it is %s", fs.ErrExist, fileKind(info.Mode()))
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	switch {
	case err == nil:
		c.Close()
		return false, errors.New("address already in use by a live socket")
	case errors.Is(err, fs.ErrNotExist): // gone meanwhile
		return false, nil
	case errors.Is(err, syscall.ECONNREFUSED):
		return true, nil
	case errors.Is(err, syscall.EAGAIN): // its queue of connections is full
		return false, errors.New("address already in use by a live socket")
	}
	return false, fmt.Errorf("address in use, cannot tell by whom: %w", cause(err))
}
