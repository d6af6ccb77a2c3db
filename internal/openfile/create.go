package openfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Create makes the file called name, which only its owner may read, and which
// nobody else has: a file that is there already and is ours makes way for a new
// one. So whoever has the old one open, or has it under another name, sees nothing
// of what is written. Where the folder lets no new file be made, the old one is
// emptied, if nobody else may read it.
//
// It refuses a file of another user, and a symbolic link to a file: what others
// may have put there would be overwritten, or get what is written. What is no
// regular file, such as a pipe or a terminal, is opened as it is, if it belongs to
// this user or the system; that may take long. A device, which nobody else can
// make, may be anybody's if no link led to it.
func Create(name string) (*os.File, error) {
	if given(name) {
		return os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	}
	switch info, err := writable(name); {
	case errors.Is(err, fs.ErrNotExist):
		return createNew(name)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return openSame(name, info, 0)
	}
	return replace(name)
}

// Append opens the file called name to write at its end. It makes one that is not
// there, which only its owner may read, and refuses what Create does.
func Append(name string) (*os.File, error) {
	if given(name) {
		return os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	}
	info, err := writable(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	case err != nil:
		return nil, err
	}
	return openSame(name, info, os.O_APPEND)
}

// Ours reports whether a file belongs to this user.
func Ours(info fs.FileInfo) bool { return ours(info) }

// writable returns what is there by the name, or why it is not written to.
func writable(name string) (fs.FileInfo, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	linked := info.Mode()&fs.ModeSymlink != 0
	if linked {
		if info, err = os.Stat(name); err != nil || info.Mode().IsRegular() {
			return nil, refuse(name, "it is a symbolic link; name the file itself")
		}
	}
	switch {
	case info.IsDir():
		return nil, refuse(name, "it is a directory")
	case !info.Mode().IsRegular():
		if device := info.Mode()&fs.ModeDevice != 0; (linked || !device) && !ours(info) && !systems(info) {
			return nil, refuse(name, "it belongs to another user")
		}
	case !ours(info):
		return nil, refuse(name, "it belongs to another user; remove it, or take another name")
	}
	return info, nil
}

// refuse returns why the file called name is not written to.
func refuse(name, why string) error {
	return &fs.PathError{Op: "create", Path: name, Err: errors.New(why)}
}

// given reports whether name stands for a descriptor that our caller has opened
// for us, as a shell does for >(command): it may be anything.
func given(name string) bool {
	name = filepath.Clean(name)
	return name == "/dev/stdout" || name == "/dev/stderr" || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/")
}

// createNew makes a file where there is none.
func createNew(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

// replace makes a new file in the place of one of ours.
func replace(name string) (*os.File, error) {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return reuse(name)
	}
	return createNew(name)
}

// openSame opens the file that info is of: it must still be that.
func openSame(name string, info fs.FileInfo, flag int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|flag, 0)
	if err != nil {
		return nil, err
	}
	if now, err := f.Stat(); err != nil || !os.SameFile(now, info) {
		f.Close()
		return nil, fmt.Errorf("%s was replaced while it was opened", name)
	}
	return f, nil
}
