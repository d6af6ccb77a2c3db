//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package intercept

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// lockWait bounds the wait for another process of this user that is about to
// listen in the same directory, which takes milliseconds.
const lockWait = 5 * time.Second

// lockDir locks a directory against other processes of this user that make or
// remove sockets in it by this package. Without it, two of them that find the same
// stale socket could each remove what the other has just made.
//
// The lock is a file of this user's, which others cannot open, and it is there only
// as long as it is held. Where it cannot be made, since something else has its name
// or the directory lets nothing be made, there is no lock: nobody else can have us
// wait.
func lockDir(dir string) (unlock func(), err error) {
	if err := checkDir(dir); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, fmt.Sprintf(".socktrace-%d.lock", os.Geteuid()))
	for end := time.Now().Add(lockWait); ; time.Sleep(10 * time.Millisecond) {
		f, err := openLock(name)
		if err != nil {
			return func() {}, nil
		}
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil && isAt(f, name) {
			return func() { os.Remove(name); f.Close() }, nil
		}
		f.Close()
		again := err == nil || errors.Is(err, unix.EINTR) || errors.Is(err, unix.EWOULDBLOCK)
		if !again || time.Now().After(end) {
			return nil, fmt.Errorf("lock directory %s: %w", dir, cmp.Or[error](err, unix.EWOULDBLOCK))
		}
	}
}

// openLock opens a file of this user's that nobody else can open, and makes it if
// it is not there.
func openLock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	var stat unix.Stat_t
	err = unix.Fstat(int(f.Fd()), &stat)
	if err == nil && (stat.Mode&unix.S_IFMT != unix.S_IFREG || int(stat.Uid) != os.Geteuid() || stat.Mode&0o077 != 0) {
		err = os.ErrPermission
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// isAt reports whether f still is the file called name: whoever had the lock before
// has removed it.
func isAt(f *os.File, name string) bool {
	is, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(name)
	return err == nil && os.SameFile(is, there)
}
