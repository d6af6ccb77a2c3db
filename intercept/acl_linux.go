package intercept

import (
	"errors"

	"golang.org/x/sys/unix"
)

const aclAttribute = "system.posix_acl_access"

// readACL returns the access control list of a file, nil if it has none.
func readACL(path string) (acl, error) {
	b := make([]byte, 1<<10)
	n, err := unix.Getxattr(path, aclAttribute, b)
	if errors.Is(err, unix.ERANGE) {
		b = make([]byte, 64<<10) // as long as an attribute may be
		n, err = unix.Getxattr(path, aclAttribute, b)
	}
	switch {
	case errors.Is(err, unix.ENODATA), errors.Is(err, unix.ENOTSUP):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return parseACL(b[:n])
}

// dropACL takes the access control list off a file.
func dropACL(path string) error {
	err := unix.Lremovexattr(path, aclAttribute)
	if errors.Is(err, unix.ENODATA) || errors.Is(err, unix.ENOTSUP) {
		return nil
	}
	return err
}
