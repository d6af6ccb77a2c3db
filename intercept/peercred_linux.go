package intercept

import (
	"net"

	"github.com/socktrace/socktrace/wire"
	"golang.org/x/sys/unix"
)

// peerProcess returns the process at the other end of a unix socket: the one
// that connected, or the one that listens. nil if the kernel does not tell.
func peerProcess(c *net.UnixConn, names *names) *wire.Process {
	var cred *unix.Ucred
	control(c, func(fd int) { cred, _ = unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if cred == nil || cred.Pid == 0 { // 0: in a process namespace that is not visible from here
		return nil
	}
	return &wire.Process{
		PID:  int(cred.Pid),
		UID:  int(cred.Uid),
		Name: names.of(int(cred.Pid)),
	}
}
