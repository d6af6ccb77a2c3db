//go:build unix

package intercept

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// lockFile is the name of the lock in dir.
func lockFile(dir string) string {
	return filepath.Join(dir, fmt.Sprintf(".socktrace-%d.lock", os.Geteuid()))
}

// TestLockIsNotOthers has somebody else lock the directory itself, and have the
// name of the lock: neither is waited for, and nothing of it is touched.
func TestLockIsNotOthers(t *testing.T) {
	dir := openDir(t)
	d, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := unix.Flock(int(d.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	for name, plant := range map[string]func(string) error{
		"nothing":        func(string) error { return nil },
		"open to others": func(lock string) error { return errors.Join(os.WriteFile(lock, nil, 0o600), os.Chmod(lock, 0o666)) },
		"a link":         func(lock string) error { return os.Symlink(filepath.Join(dir, "victim"), lock) },
		"a pipe":         func(lock string) error { return unix.Mkfifo(lock, 0o600) },
		"a directory":    func(lock string) error { return os.Mkdir(lock, 0o700) },
		"another user's": func(lock string) error { return errors.Join(os.WriteFile(lock, nil, 0o600), os.Chown(lock, 65534, -1)) },
	} {
		lock := lockFile(dir)
		if err := plant(lock); errors.Is(err, os.ErrPermission) {
			t.Logf("SKIPPED, %s: %v", name, err)
			continue
		} else if err != nil {
			t.Fatal(name, err)
		}
		before, _ := os.Lstat(lock)
		unlock, err := lockDir(dir)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		unlock()
		after, _ := os.Lstat(lock)
		if (before == nil) != (after == nil) || before != nil && !os.SameFile(before, after) {
			t.Errorf("%s: %v became %v", name, before, after)
		}
		if err := os.RemoveAll(lock); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "victim")); !os.IsNotExist(err) {
		t.Errorf("behind the link: %v", err)
	}
}

// TestLock has one at a time hold a lock, of which nothing is left at the end.
func TestLock(t *testing.T) {
	dir := openDir(t)
	var held atomic.Int32 // by as many at once
	done := make(chan error)
	const many = 4
	for range many {
		go func() {
			for range 10 {
				unlock, err := lockDir(dir)
				if err != nil {
					done <- err
					return
				}
				if n := held.Add(1); n != 1 {
					done <- fmt.Errorf("%d hold it", n)
					return
				}
				held.Add(-1)
				unlock()
			}
			done <- nil
		}()
	}
	for range many {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if names, err := os.ReadDir(dir); len(names) > 0 || err != nil {
		t.Errorf("left: %v, %v", names, err)
	}
}

// TestLockTaken gives up on one that another process of this user does not let go.
func TestLockTaken(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	f, err := openLock(lockFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	unlock, err := lockDir(dir)
	if err == nil {
		unlock()
	}
	if want := "lock directory " + dir + ": resource temporarily unavailable"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := lockDir(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a directory that is gone: %v", err)
	}
}

// TestLockModes makes a lock that nobody else can open, and takes no other.
func TestLockModes(t *testing.T) {
	defer unix.Umask(unix.Umask(0))
	lock := lockFile(openDir(t))
	f, err := openLock(lock)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if info, err := os.Stat(lock); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o600, 0o700, 0o640, 0o620, 0o610, 0o604, 0o602, 0o601} {
		if err := os.Chmod(lock, mode); err != nil {
			t.Fatal(err)
		}
		f, err := openLock(lock)
		if err == nil {
			f.Close()
		}
		if mode&0o077 == 0 && err != nil || mode&0o077 != 0 && !errors.Is(err, os.ErrPermission) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}
