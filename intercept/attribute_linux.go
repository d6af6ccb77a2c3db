package intercept

import (
	"errors"

	"golang.org/x/sys/unix"
)

// attributeOf returns an extended attribute of a file, empty if it has none.
func attributeOf(path, name string) (string, error) {
	b := make([]byte, 1<<10)
	n, err := unix.Lgetxattr(path, name, b)
	if errors.Is(err, unix.ERANGE) {
		b = make([]byte, 64<<10) // as long as an attribute may be
		n, err = unix.Lgetxattr(path, name, b)
	}
	switch {
	case errors.Is(err, unix.ENODATA), errors.Is(err, unix.ENOTSUP):
		return "", nil
	case err != nil:
		return "", err
	}
	return string(b[:n]), nil
}
