package intercept

import (
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// watchDescriptors returns a reader of c that calls lost for each message that came
// with descriptors of files (unix(7), SCM_RIGHTS): they are lost here, as if the
// kernel had never been asked for them. read(2), which c itself uses, says nothing
// of them.
func watchDescriptors(c net.Conn, lost func()) io.Reader {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return c
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return c
	}
	d := &descriptorReader{raw: raw, lost: lost}
	d.receive = d.tryReceive // made once, not for each read
	return d
}

// descriptorReader reads from a unix socket without room for descriptors: the
// kernel drops them, and says that it did.
type descriptorReader struct {
	raw     syscall.RawConn
	lost    func()
	receive func(fd uintptr) bool

	iov  unix.Iovec // of the read that is under way, as its message
	msg  unix.Msghdr
	n    int // what it returned
	errn syscall.Errno
}

func (d *descriptorReader) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	d.iov.Base = &b[0]
	d.iov.SetLen(len(b))
	d.msg = unix.Msghdr{Iov: &d.iov}
	d.msg.SetIovlen(1)
	if err := d.raw.Read(d.receive); err != nil {
		return 0, err
	}
	switch {
	case d.errn != 0:
		return 0, &net.OpError{Op: "read", Net: "unix", Err: os.NewSyscallError("recvmsg", d.errn)}
	case d.msg.Flags&unix.MSG_CTRUNC != 0:
		d.lost()
	}
	if d.n == 0 {
		return 0, io.EOF
	}
	return d.n, nil
}

// tryReceive reads once, and reports whether there was something to read, if only
// an end or an error. The call never waits, so the runtime does not hear of it (sender
// says why).
func (d *descriptorReader) tryReceive(fd uintptr) bool {
	for {
		n, _, e := unix.RawSyscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&d.msg)), 0)
		if e != unix.EINTR {
			d.n, d.errn = int(n), e
			return e != unix.EAGAIN
		}
	}
}
