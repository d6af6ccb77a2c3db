package otlp

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// bindFirst gives a socket its port before it is connected, so that what is captured of the
// connection is known to be our own from the first packet on.
func (o *ownPorts) bindFirst(network, _ string, raw syscall.RawConn) error {
	any := map[string]unix.Sockaddr{"tcp4": &unix.SockaddrInet4{}, "tcp6": &unix.SockaddrInet6{}}[network]
	if any == nil {
		return nil
	}
	return raw.Control(func(fd uintptr) {
		if unix.Bind(int(fd), any) != nil {
			return // the connection will be traced at worst
		}
		switch at, _ := unix.Getsockname(int(fd)); at := at.(type) {
		case *unix.SockaddrInet4:
			o.add(at.Port)
		case *unix.SockaddrInet6:
			o.add(at.Port)
		}
	})
}
