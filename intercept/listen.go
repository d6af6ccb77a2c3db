package intercept

import (
	"errors"
	"fmt"
	"net"
)

// Listen listens on a unix or TCP address. At the path of a unix socket it
// takes over what a killed predecessor has left, but neither a socket that
// somebody listens on nor a file of another kind. At no moment is the socket
// more open than it will be in the end.
func Listen(a Addr, o ListenOptions) (*Listener, error) {
	l, err := listen(a, o)
	if err != nil {
		return nil, fmt.Errorf("listen %s: %w", a, cause(err))
	}
	return l, nil
}

// CheckListen says early what would make Listen fail, without leaving anything
// behind. That it returns nil promises nothing.
func CheckListen(a Addr, o ListenOptions) error {
	var err error
	if a.Network == "unix" && !a.Abstract() {
		err = checkFile(a.Address)
	} else {
		var l *Listener
		if l, err = listen(a, o); err == nil {
			l.Close()
		}
	}
	if err != nil {
		return fmt.Errorf("listen %s: %w", a, cause(err))
	}
	return nil
}

func listen(a Addr, o ListenOptions) (*Listener, error) {
	switch {
	case a.Abstract():
		return listenAbstract(a)
	case a.Network == "unix":
		return listenFile(a.Address, o)
	case a.Network == "tcp":
		return listenTCP(a, o)
	case a.Network == "npipe":
		return listenPipe(a)
	}
	return nil, errors.New("can only listen on unix:// and tcp:// addresses")
}

// listenAbstract listens on a socket that has no file, hence no mode: everybody on the
// machine may connect, as to one on loopback.
func listenAbstract(a Addr) (*Listener, error) {
	if err := checkUnixPath(a.Address); err != nil {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: a.Address, Net: "unix"})
	if err != nil {
		return nil, err
	}
	return &Listener{Listener: l, local: a}, nil
}

func listenTCP(a Addr, o ListenOptions) (*Listener, error) {
	to, err := net.ResolveTCPAddr("tcp", a.HostPort())
	if err != nil {
		return nil, err
	}
	if !o.Exposed && !to.IP.IsLoopback() {
		return nil, ErrExposed
	}
	l, err := net.ListenTCP("tcp", to)
	if err != nil {
		return nil, err
	}
	return &Listener{Listener: l, local: Addr{"tcp", l.Addr().String() + a.Base()}}, nil
}
