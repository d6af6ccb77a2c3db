package intercept

import (
	"errors"

	"golang.org/x/sys/unix"
)

const aclAttribute = "system.posix_acl_access"

// readACL returns the access control list of a file, nil if it has none.
func readACL(path string) (acl, error) {
	b, err := attributeOf(path, aclAttribute)
	if b == "" || err != nil {
		return nil, err
	}
	return parseACL([]byte(b))
}

// dropACL takes the access control list off a file.
func dropACL(path string) error {
	err := unix.Lremovexattr(path, aclAttribute)
	if errors.Is(err, unix.ENODATA) || errors.Is(err, unix.ENOTSUP) {
		return nil
	}
	return err
}
