package intercept

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"syscall"
)

// cause returns what is behind the wrappers of net and os, which name system
// calls and ends of sockets that mean little to a user: "connection refused"
// instead of "dial unix /x: connect: connection refused".
func cause(err error) error {
	for {
		switch e := err.(type) {
		case *net.OpError:
			err = e.Err
		case *os.SyscallError:
			err = e.Err
		case *fs.PathError:
			err = e.Err
		case *url.Error:
			err = e.Err
		default:
			return err
		}
	}
}

// isShort reports whether an error says that the process or the system has run out
// of something, descriptors or memory, which it may have again later.
func isShort(err error) bool {
	return isAny(err, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM)
}

// passing reports whether an error of accept may not come again.
func passing(err error) bool {
	var timeout net.Error
	return isShort(err) || errors.Is(err, syscall.ECONNABORTED) || errors.As(err, &timeout) && timeout.Timeout()
}

func isAny(err error, all ...error) bool {
	return slices.ContainsFunc(all, func(e error) bool { return errors.Is(err, e) })
}
