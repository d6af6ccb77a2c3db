//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package intercept

import "net"

// lockDir only checks that the directory is there: what else it does on unix
// has no equivalent here.
func lockDir(dir string) (unlock func(), err error) {
	return func() {}, checkDir(dir)
}

// bindPrivately listens on a new socket. Who may connect to it is the
// directory's affair.
func bindPrivately(path string) (*net.UnixListener, error) {
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}

func shareLike(path, like string, warn func(error)) error { return nil }

func checkWritable(path string) error { return nil }

func checkBound(path string) error { return nil }
