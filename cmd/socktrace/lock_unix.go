//go:build unix

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// openOwn opens the file of a lock, if it and its folder are this user's alone.
func openOwn(name string) (*os.File, error) {
	for path, want := range map[string]fs.FileMode{filepath.Dir(name): fs.ModeDir, name: 0} {
		info, err := os.Lstat(path)
		if err != nil {
			return nil, err
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || info.Mode().Type() != want || int(stat.Uid) != os.Geteuid() {
			return nil, &fs.PathError{Op: "lock", Path: path, Err: fs.ErrPermission}
		}
	}
	return os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}

// tryLock locks a file until it is closed: errTaken if somebody else has, or why files there
// cannot be locked.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errTaken
	}
	return err
}
