package intercept

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
)

// ListenOptions says how Listen creates a socket.
type ListenOptions struct {
	// Like is the path of the unix socket that the new one stands for. Who may
	// connect to that, as it can be reached, may connect to the new one, or fewer:
	// see shareLike. Empty, or a path where nothing is: its owner alone.
	Like string
	// Exposed allows a TCP address that other machines may reach.
	Exposed bool
	// Warn gets what the new socket could not be given of Like, if access is not
	// wider for that as far as is known. May be nil.
	Warn func(error)
}

// ErrExposed says that other machines could reach a TCP address.
var ErrExposed = errors.New("other machines could connect to it")

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
