//go:build unix

package openfile

import (
	"io/fs"
	"os"
	"syscall"
)

// ours reports whether a file belongs to this user.
func ours(info fs.FileInfo) bool { return owner(info) == os.Geteuid() }

// systems reports whether a file belongs to root, as devices do.
func systems(info fs.FileInfo) bool { return owner(info) == 0 }

func owner(info fs.FileInfo) int {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1
	}
	return int(stat.Uid)
}

// reuse empties a file of ours that cannot be replaced. It has to be the only
// name of that file, and nobody else may have been able to open it.
func reuse(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular() || !ours(info):
		err = refuse(name, "it was replaced while it was opened")
	case info.Sys().(*syscall.Stat_t).Nlink > 1:
		err = refuse(name, "it has another name too, and this folder lets no new file be made")
	case info.Mode().Perm()&0o077 != 0:
		err = refuse(name, "others may have it open, and this folder lets no new file be made; chmod 600 it if that is fine")
	default:
		err = f.Truncate(0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
