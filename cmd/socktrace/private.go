package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/socktrace/socktrace/intercept"
)

// private is a folder that only this user can reach, with a socket in it. The
// file lockName in it is locked for as long as its process lives.
type private struct {
	dir  string // empty: there is none
	lock *os.File
}

const (
	privatePrefix = "socktrace-"
	lockName      = "lock"
	maxSwept      = 10 // folders that others may sweep away before it is given up
)

// errTaken says that another process has locked a file.
var errTaken = errors.New("another process has locked it")

// privateListener returns a listener that only this user can reach, and the
// folder it is in; with a base path, or on Windows, one that every user of this
// machine can: clients have a base path with TCP alone, and the docker CLI of Windows
// knows no unix sockets.
func privateListener(base string) (private, *intercept.Listener, error) {
	if base != "" || runtime.GOOS == "windows" {
		l, err := intercept.Listen(intercept.Addr{Network: "tcp", Address: "127.0.0.1:0" + base}, intercept.ListenOptions{})
		return private{}, l, err
	}
	sweep(os.TempDir())
	var p private
	var l *intercept.Listener
	var err error
	for range maxSwept { // another process may sweep the folder before it is locked
		if p, l, err = newPrivate(); err == nil {
			break
		}
	}
	return p, l, err
}

func newPrivate() (private, *intercept.Listener, error) {
	dir, err := os.MkdirTemp("", privatePrefix)
	if err != nil {
		return private{}, nil, fmt.Errorf("listen: %w", err)
	}
	p := private{dir: dir}
	p.lock, err = os.Create(filepath.Join(dir, lockName))
	if err != nil {
		p.remove()
		return private{}, nil, fmt.Errorf("listen: %w", err)
	}
	if err := tryLock(p.lock); errors.Is(err, errTaken) { // somebody sweeps it away
		p.remove()
		return private{}, nil, fmt.Errorf("listen: %s: %w", p.lock.Name(), err)
	}
	l, err := intercept.Listen(intercept.Addr{Network: "unix", Address: filepath.Join(dir, "docker.sock")}, intercept.ListenOptions{})
	if err != nil {
		p.remove()
		return private{}, nil, err
	}
	return p, l, nil
}

// remove removes the folder and what is in it. It needs no descriptor if that is the
// lock alone: there may be none.
func (p private) remove() {
	if p.lock != nil {
		p.lock.Close()
	}
	if p.dir != "" {
		os.Remove(filepath.Join(p.dir, lockName))
		os.RemoveAll(p.dir)
	}
}

// sweep removes what killed processes have left in dir: private folders that
// nobody has locked. Those of other users stay, whatever is in them.
func sweep(dir string) {
	locks, _ := filepath.Glob(filepath.Join(dir, privatePrefix+"*", lockName)) // none if dir is no pattern
	for _, name := range locks {
		f, err := openOwn(name)
		if err != nil {
			continue
		}
		if tryLock(f) == nil {
			private{dir: filepath.Dir(name)}.remove()
		}
		f.Close()
	}
}
