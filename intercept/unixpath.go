package intercept

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func checkSocket(path string) error {
	if err := checkUnixPath(path); err != nil {
		return err
	}
	if isAbstract(path) {
		return nil // no file, hence nothing to look at
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !isSocket(info.Mode()) {
		return fmt.Errorf("not a socket but %s", fileKind(info.Mode()))
	}
	if err := checkWritable(path); err != nil {
		return err
	}
	return checkBound(path)
}

func checkUnixPath(path string) error {
	longest := maxUnixPath
	if isAbstract(path) {
		longest++ // no zero is behind it
	}
	if len(path) > longest {
		return fmt.Errorf("path of %d bytes; a unix socket's has at most %d", len(path), longest)
	}
	return nil
}

// isSocket reports whether a file of this mode may be a socket: Windows shows
// them as irregular files.
func isSocket(m fs.FileMode) bool { return m&(fs.ModeSocket|fs.ModeIrregular) != 0 }

// fileKind names what is not a socket, for messages.
func fileKind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m.IsRegular():
		return "a regular file"
	}
	return "a special file"
}

// checkPath returns the absolute path of a new socket.
func checkPath(path string) (abs string, err error) {
	if err := checkUnixPath(path); err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

func checkDir(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("directory %s: %w", dir, cause(err))
	}
	return nil
}
