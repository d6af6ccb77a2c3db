package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// fileID tells files of a machine apart, as long as they are there.
type fileID struct{ dev, ino uint64 }

// socketAt returns which socket is at path. It is an error if nothing is there, or
// something else.
func socketAt(path string) (fileID, error) {
	var s unix.Stat_t
	if err := unix.Lstat(path, &s); err != nil {
		return fileID{}, err
	}
	if s.Mode&unix.S_IFMT != unix.S_IFSOCK {
		info, err := os.Lstat(path)
		if err != nil {
			return fileID{}, err
		}
		return fileID{}, fmt.Errorf("%s: not a socket but %s", path, fileKind(info.Mode()))
	}
	return fileID{s.Dev, s.Ino}, nil
}

// isSocketAt reports whether exactly that socket is at path.
func isSocketAt(id fileID, path string) bool {
	is, err := socketAt(path)
	return err == nil && is == id
}

// removeSocket removes that socket from path, if it is there. Nobody else has
// business with the names that this is called for.
func removeSocket(id fileID, path string) error {
	if !isSocketAt(id, path) {
		return nil
	}
	return os.Remove(path)
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
