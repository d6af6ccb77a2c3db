package intercept

import (
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
	"golang.org/x/sys/unix"
)

// peerProcess returns the process at the other end of a unix socket: the one
// that connected, or the one that listens. nil if the kernel does not tell.
func peerProcess(c *net.UnixConn) *wire.Process {
	var cred *unix.Ucred
	control(c, func(fd int) { cred, _ = unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if cred == nil || cred.Pid == 0 { // 0: in a process namespace that is not visible from here
		return nil
	}
	name, _ := os.ReadFile("/proc/" + strconv.Itoa(int(cred.Pid)) + "/comm") // gone already: no name
	return &wire.Process{
		PID:  int(cred.Pid),
		UID:  int(cred.Uid),
		Name: strings.TrimSuffix(string(name), "\n"),
	}
}
