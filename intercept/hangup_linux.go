package intercept

import (
	"errors"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// awaitHangup waits until the peer behind c, whose input has ended, has closed
// the connection altogether. It returns false if c was closed at this end
// before that. err is ECONNRESET if the peer has thrown away what was sent to
// it.
//
// Nobody may read from c meanwhile; writing is fine. It costs a parked
// goroutine: the runtime watches sockets edge-triggered, and a hang-up is one
// more edge, so the function below runs again when there is something to see.
func awaitHangup(c net.Conn) (gone bool, err error) {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return false, nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false, nil
	}
	var seen int16
	err = raw.Read(func(fd uintptr) bool {
		seen = poll(int(fd))
		return seen != 0
	})
	switch {
	case seen&unix.POLLERR != 0:
		return true, syscall.ECONNRESET
	case seen != 0:
		return true, nil
	}
	// The runtime refuses to wait for a socket that is only in error.
	return !errors.Is(err, net.ErrClosed), syscall.ECONNRESET
}

// isHungUp reports whether the peer behind c, whose input has ended, has closed the
// connection altogether, and in order.
func isHungUp(c net.Conn) bool {
	is := false
	control(c, func(fd int) { is = poll(fd) == unix.POLLHUP })
	return is
}

// poll returns which of POLLHUP and POLLERR hold for a descriptor.
func poll(fd int) int16 {
	p := []unix.PollFd{{Fd: int32(fd)}}
	for {
		if _, err := unix.Poll(p, 0); err != unix.EINTR {
			return p[0].Revents & (unix.POLLHUP | unix.POLLERR)
		}
	}
}

// awaitSent waits until the peer's kernel has everything that was written to
// c, or the peer is gone, or c is closed at this end. Closing a TCP connection
// with unread input, or by reset, throws away what is still to be sent.
//
// It asks again and again, since nothing tells; it is almost always answered
// the first time, and runs at most once a connection.
func awaitSent(c *net.TCPConn) {
	for pause := time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		unsent := 0
		open := control(c, func(fd int) {
			if poll(fd) == 0 {
				unsent, _ = unix.IoctlGetInt(fd, unix.SIOCOUTQ)
			}
		})
		if !open || unsent == 0 {
			return
		}
		time.Sleep(pause)
	}
}
