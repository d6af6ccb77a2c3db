package intercept

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// InPlaceOptions says how OpenInPlace behaves.
type InPlaceOptions struct {
	// Warn gets messages for the user: what became of the socket meanwhile. It is
	// called by one goroutine at a time. May be nil.
	Warn func(error)
}

// InPlaceError says that a process is in the place of a socket already.
type InPlaceError struct {
	PID int // 0: not known
	UID int // of its user, if the process is not known
	// Lock is a file that somebody has locked without having said who: it is about to
	// come, or is no socktrace. Empty: nobody can tell.
	Lock string
}

// Error names the process.
func (e *InPlaceError) Error() string {
	switch {
	case e.PID == 0 && e.Lock != "":
		return fmt.Sprintf("a process has locked %s, which is user %d's, and does not say which it is: if it is no socktrace, remove that file", e.Lock, e.UID)
	case e.PID == 0:
		return fmt.Sprintf("a socktrace of user %d is in its place, or was killed there; root and that user can tell, and restore it", e.UID)
	}
	return fmt.Sprintf("a socktrace is in its place already: process %d", e.PID)
}

// place is a socket that can be stood in for, and the names of what is put beside
// it. The directory is that of the socket: only there two files can be exchanged
// for certain, and who may replace a file in it may as well make one.
type place struct {
	dir  string
	path string // of the socket, absolute, symbolic links resolved
	// aside is where the other of two sockets is: ours until it takes the place, the
	// daemon's own from then on.
	aside string
	lock  string // a file that is held locked by whoever is in the place
}

// placeEnd is the end of the names of sockets that are aside.
const placeEnd = ".socktrace"

// placeOf returns the place of the socket at path, which need not be there.
func placeOf(path string) (place, error) {
	if strings.HasPrefix(path, "@") {
		return place{}, errors.New("an abstract socket has no file: nothing can take its place")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return place{}, err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	} else if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	dir, base := filepath.Split(abs)
	if strings.HasPrefix(base, ".") && strings.HasSuffix(base, placeEnd) {
		return place{}, errors.New("that is where socktrace keeps a daemon's own socket; name the daemon's path: " +
			filepath.Join(dir, strings.TrimSuffix(base[1:], placeEnd)))
	}
	p := place{dir: filepath.Clean(dir), path: abs, aside: filepath.Join(dir, "."+base+placeEnd)}
	p.lock = p.aside + ".lock"
	if err := checkUnixPath(p.aside); err != nil {
		return place{}, fmt.Errorf("%s: %w", p.aside, err)
	}
	return p, nil
}

// wrapInPlace says what an error is about.
func wrapInPlace(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("in place of %s: %w", path, cause(err))
}
