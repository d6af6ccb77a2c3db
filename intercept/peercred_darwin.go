package intercept

import (
	"net"

	"github.com/socktrace/socktrace/wire"
	"golang.org/x/sys/unix"
)

// peerProcess returns the process at the other end of a unix socket: the one
// that connected, or the one that listens. nil if the kernel does not tell.
func peerProcess(c *net.UnixConn, _ *names) *wire.Process {
	p := &wire.Process{UID: -1}
	control(c, func(fd int) {
		p.PID, _ = unix.GetsockoptInt(fd, unix.SOL_LOCAL, unix.LOCAL_PEERPID)
		if cred, err := unix.GetsockoptXucred(fd, unix.SOL_LOCAL, unix.LOCAL_PEERCRED); err == nil {
			p.UID = int(cred.Uid)
		}
	})
	if p.PID == 0 {
		return nil
	}
	if info, err := unix.SysctlKinfoProc("kern.proc.pid", p.PID); err == nil {
		p.Name = unix.ByteSliceToString(info.Proc.P_comm[:])
	}
	return p
}
