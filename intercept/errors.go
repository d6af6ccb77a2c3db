package intercept

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
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

// passing reports whether an error of accept says that something is short now
// that may not be so later.
func passing(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, e) {
			return true
		}
	}
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
