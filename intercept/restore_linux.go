package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Restore gives a daemon's socket back that a process was in the place of and could
// not give back, since it was killed. It returns what it did, empty if there was
// nothing to do. The error is an *InPlaceError if the process lives.
func Restore(path string) (did string, err error) {
	did, err = restore(path)
	return did, wrapInPlace(path, err)
}

func restore(path string) (string, error) {
	p, err := placeOf(path)
	if err != nil {
		return "", err
	}
	if err := checkDir(p.dir); err != nil {
		return "", err
	}
	if !isThere(p.aside) && !isThere(p.lock) {
		_, err := socketAt(p.path)
		return "", err
	}
	lock, err := lockPlace(p.lock)
	if err != nil {
		return "", p.explain(err)
	}
	defer lock.release()
	return p.repair(lock.left)
}

// repair makes good what a killed process has left of a place whose lock we hold;
// left is which socket was its own, as far as that is known. It touches sockets only
// that nobody listens on, but for giving the daemon's the name that it had.
func (p place) repair(left fileID) (did string, err error) {
	here, err := socketAt(p.path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return "", err
	}
	other, err := socketAt(p.aside)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.repairAlone(here, left)
	case err != nil:
		return "", err
	case !p.trusted():
		return "", fmt.Errorf("%s belongs to another user: remove it if it is not meant to be there", p.aside)
	case missing && other != left && isAlive(p.aside):
		err := unix.Renameat2(unix.AT_FDCWD, p.aside, unix.AT_FDCWD, p.path, unix.RENAME_NOREPLACE)
		return "the daemon's socket was missing: it is back", p.explain(err)
	case missing || isAlive(p.path) && !isAlive(p.aside):
		// The daemon has made a new one, or never lost its own.
		return "removed what was left at " + p.aside, removeSocket(other, p.aside)
	case isAlive(p.path):
		return "", fmt.Errorf("somebody listens both on it and on %s: neither was touched", p.aside)
	case !isAlive(p.aside) && here != left:
		return "removed what was left at " + p.aside, removeSocket(other, p.aside)
	}
	// Ours, dead, is in the place of the daemon's own.
	done, err := p.exchangeIf(here, other)
	if err == nil && !done {
		err = errors.New("it changes right now; try again")
	}
	if err != nil {
		return "", err
	}
	return "the daemon's own socket is back", removeSocket(here, p.aside)
}

// repairAlone is repair where nothing is aside. The socket of the killed process may
// be in the place: then there is nothing to give back.
func (p place) repairAlone(here, left fileID) (did string, err error) {
	if here == (fileID{}) || here != left || isAlive(p.path) {
		return "", nil
	}
	if err := removeSocket(here, p.path); err != nil {
		return "", err
	}
	return "", fmt.Errorf("the daemon's own socket, %s, is not there any more: start the daemon again", p.aside)
}

// trusted reports whether the socket that is aside can be the daemon's, or ours:
// where everybody may make files, anybody could have it be his.
func (p place) trusted() bool {
	var own, dir, here unix.Stat_t
	if unix.Lstat(p.aside, &own) != nil || unix.Stat(p.dir, &dir) != nil {
		return false
	}
	if own.Uid == 0 || int(own.Uid) == os.Geteuid() || own.Uid == dir.Uid {
		return true
	}
	return unix.Lstat(p.path, &here) == nil && own.Uid == here.Uid
}
