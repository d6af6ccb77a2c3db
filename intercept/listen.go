package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ListenOptions says how Listen creates a unix socket.
type ListenOptions struct {
	// Like is the path of the unix socket that the new one stands for. The
	// new one gets its mode and group, or a narrower mode if the group cannot
	// be given. Empty, or a path where nothing is: the mode is 0600.
	Like string
}

// Listener is a socket that clients connect to.
type Listener struct {
	net.Listener
	local Addr
	file  socketFile
	close sync.Once
	err   error
}

// Local returns the address that clients connect to: the path is absolute, and
// the port is the true one if port 0 was asked for.
func (l *Listener) Local() Addr { return l.local }

// Close stops listening, and removes the file of a unix socket if it still is
// the one that Listen made. Later calls return what the first did.
func (l *Listener) Close() error {
	l.close.Do(func() {
		// The file goes first: while the socket is open, no other file can
		// be taken for it.
		l.err = errors.Join(l.file.remove(), l.Listener.Close())
	})
	return l.err
}

// Listen listens on a unix or TCP address. At the path of a unix socket it
// takes over what a killed predecessor has left, but neither a socket that
// somebody listens on nor a file of another kind. At no moment is the socket
// more open than it will be in the end.
func Listen(a Addr, o ListenOptions) (*Listener, error) {
	l, err := listen(a, o)
	if err != nil {
		return nil, fmt.Errorf("listen %s: %w", a, cause(err))
	}
	return l, nil
}

func listen(a Addr, o ListenOptions) (*Listener, error) {
	switch a.Network {
	case "unix":
		return listenFile(a.Address, o)
	case "tcp":
		l, err := net.Listen("tcp", a.Address)
		if err != nil {
			return nil, err
		}
		return &Listener{Listener: l, local: Addr{"tcp", l.Addr().String()}}, nil
	}
	return nil, errors.New("can only listen on unix:// and tcp:// addresses")
}

func listenFile(path string, o ListenOptions) (*Listener, error) {
	if err := checkUnixPath(path); err != nil {
		return nil, err
	}
	if strings.HasPrefix(path, "@") {
		return nil, errors.New("an abstract socket is open to every user; use a path")
	}
	abs, err := filepath.Abs(path)
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
		err = shareLike(path, o.Like)
	}
	if err != nil {
		l.Close()
		os.Remove(path)
		return nil, err
	}
	return &Listener{Listener: l, local: Addr{"unix", abs}, file: socketFile{abs, info}}, nil
}

// removeStale makes way for a new socket at path: it removes a socket that
// nobody listens on any more, and refuses to touch anything else.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !isSocket(info.Mode()):
		return fmt.Errorf("%w: it is %s", fs.ErrExist, fileKind(info.Mode()))
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	switch {
	case err == nil:
		c.Close()
		return errors.New("address already in use by a live socket")
	case errors.Is(err, syscall.ECONNREFUSED):
		return os.Remove(path)
	case errors.Is(err, syscall.EAGAIN): // its queue of connections is full
		return errors.New("address already in use by a live socket")
	}
	return fmt.Errorf("address in use, cannot tell by whom: %w", cause(err))
}

// socketFile is the file of a unix socket, as it was when it was made. The
// zero value is no file.
type socketFile struct {
	path string
	info fs.FileInfo
}

// remove removes the file unless another one has taken its place.
func (f socketFile) remove() error {
	if f.info == nil {
		return nil
	}
	unlock, err := lockDir(filepath.Dir(f.path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the directory is gone, the file with it
	}
	if err != nil {
		return err
	}
	defer unlock()
	info, err := os.Lstat(f.path)
	if err != nil || !os.SameFile(info, f.info) {
		return nil
	}
	return os.Remove(f.path)
}
