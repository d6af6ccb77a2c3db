package intercept

import (
	"errors"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// pump hands over who comes to a socket of ours, until that has lost its name and
// nobody comes any more. Then it closes it: who has found the socket before, and is
// not in its queue yet, is then sent by the kernel to what has the name now.
func (p *InPlace) pump(f *front) {
	defer close(f.over)
	defer f.l.Close()
	for {
		c, err := f.l.Accept()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			if !hasQueue(f.l) {
				return
			}
		case errors.Is(err, net.ErrClosed):
			return
		default:
			p.hand(arrival{c, err})
		}
		select {
		case <-f.left:
			_ = f.l.SetDeadline(time.Now().Add(quiet))
		default:
		}
	}
}

// hand gives an arrival to Accept. At the end nobody may call that any more.
func (p *InPlace) hand(a arrival) {
	select {
	case p.arrivals <- a:
		return
	case <-p.closing:
	}
	late := time.NewTimer(abandon)
	defer late.Stop()
	select {
	case p.arrivals <- a:
	case <-late.C:
		if a.c != nil {
			a.c.Close()
		}
	}
}

// hasQueue reports whether somebody waits to be accepted.
func hasQueue(l *net.UnixListener) (has bool) {
	raw, err := l.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(fd uintptr) {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		has = n > 0 || err == unix.EINTR
	})
	return has
}
