package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// placeLock is held by whoever is in the place of a socket, as long as it lives: the
// kernel lets go of it with the process. The file says which process that is, and
// which of the two sockets is ours.
type placeLock struct {
	name string
	f    *os.File
	// left is our socket of the process that had the lock before and did not remove
	// it; zero: none, or not to be believed.
	left fileID
}

// lockPlace takes the lock. The error is an *InPlaceError if another process has it.
func lockPlace(name string) (*placeLock, error) {
	for {
		f, err := openPlaceLock(name)
		if err != nil {
			return nil, err
		}
		switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
		case err == nil && isAt(f, name):
			return &placeLock{name: name, f: f, left: leftBy(f)}, nil
		case err != nil && !errors.Is(err, unix.EINTR):
			if errors.Is(err, unix.EWOULDBLOCK) {
				err = lockedBy(f, name)
			}
			f.Close()
			return nil, err
		}
		f.Close() // whoever had it has removed it
	}
}

// lockedBy tells who has locked the file.
func lockedBy(f *os.File, name string) *InPlaceError {
	pid, _ := readPlaceLock(f)
	var s unix.Stat_t
	if pid > 0 || unix.Fstat(int(f.Fd()), &s) != nil {
		return &InPlaceError{PID: pid}
	}
	return &InPlaceError{UID: int(s.Uid), Lock: name}
}

// openPlaceLock opens the file, and makes it if it is not there. Only its user and
// root can open it, so nobody else can pretend to be in the place.
func openPlaceLock(name string) (*os.File, error) {
	const how = unix.O_NOFOLLOW | unix.O_NONBLOCK
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|how, 0o600)
	if errors.Is(err, fs.ErrPermission) && isThere(name) {
		// Root may be kept from another user's (fs.protected_regular), but by O_CREATE only.
		f, err = os.OpenFile(name, os.O_RDWR|how, 0)
	}
	var s unix.Stat_t
	switch {
	case err == nil:
		err = unix.Fstat(int(f.Fd()), &s)
	case errors.Is(err, fs.ErrPermission) && unix.Lstat(name, &s) == nil:
		return nil, &InPlaceError{UID: int(s.Uid)}
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.EISDIR), errors.Is(err, unix.ENXIO):
		return nil, fmt.Errorf("%s: not a regular file", name)
	default:
		return nil, err
	}
	if err == nil && s.Mode&unix.S_IFMT != unix.S_IFREG {
		err = fmt.Errorf("%s: not a regular file", name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// readPlaceLock returns what the file says.
func readPlaceLock(f *os.File) (pid int, ours fileID) {
	b := make([]byte, 100)
	n, _ := f.ReadAt(b, 0)
	if _, err := fmt.Sscanf(string(b[:n]), "%d %d %d\n", &pid, &ours.dev, &ours.ino); err != nil {
		ours = fileID{}
	}
	return pid, ours
}

// leftBy returns what the file says of our socket, if it is of this user's or root's.
func leftBy(f *os.File) fileID {
	var s unix.Stat_t
	if unix.Fstat(int(f.Fd()), &s) != nil || s.Uid != 0 && int(s.Uid) != os.Geteuid() {
		return fileID{}
	}
	_, ours := readPlaceLock(f)
	return ours
}

// note writes down which socket is ours, before it is where clients look for it.
func (l *placeLock) note(ours fileID) error {
	b := fmt.Appendf(nil, "%d %d %d\n", os.Getpid(), ours.dev, ours.ino)
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	_, err := l.f.WriteAt(b, 0)
	return err
}

// renew takes the lock again if its file has gone, as with the whole directory,
// which systemd may empty with a service.
func (l *placeLock) renew() error {
	if isAt(l.f, l.name) {
		return nil
	}
	again, err := lockPlace(l.name)
	if err != nil {
		return err
	}
	l.f.Close()
	l.f = again.f
	return nil
}

// release removes the file, and with it the lock.
func (l *placeLock) release() {
	if isAt(l.f, l.name) {
		os.Remove(l.name)
	}
	l.f.Close()
}
