package intercept

import (
	"io"
	"net"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// pipeSize is how much a pipe holds at most, and what one splice moves: about what
	// sockets hold.
	pipeSize = 256 << 10
	// maxPipes is how many there may be at once, all together. Others copy.
	maxPipes = 64
)

// pipes is the pipes of all connections, by which the kernel passes bytes from one socket
// to another (splice(2)). It is ready for use.
type pipes struct {
	room    *room // what they take places of, too
	used    atomic.Int32
	refused atomic.Bool // the kernel does not splice sockets, or may not
}

// within has pipes take places of r: each holds two descriptors, as a connection does at least.
func (p *pipes) within(r *room) { p.room = r }

// open returns a pipe from one socket to another, which is to be closed. It returns nil if
// none can be had, or either is no socket.
func (p *pipes) open(src, dst net.Conn) *pipe {
	in, out := socket(src), socket(dst)
	if in == nil || out == nil || p.refused.Load() {
		return nil
	}
	if p.used.Add(1) > maxPipes || !p.room.borrow() {
		p.used.Add(-1)
		return nil
	}
	made := &pipe{of: p, dst: dst, in: in, out: out}
	if unix.Pipe2(made.ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK) != nil {
		made.leave()
		return nil
	}
	// Where there may be no more of that size, it has the usual.
	_, _ = unix.FcntlInt(uintptr(made.ends[1]), unix.F_SETPIPE_SZ, pipeSize)
	made.splicing.in, made.splicing.out = made.tryFill, made.tryDrain
	return made
}

// socket returns a connection that is nothing but a socket; nil if it is something else.
func socket(c net.Conn) syscall.RawConn {
	var raw syscall.RawConn
	switch c := c.(type) {
	case *net.UnixConn:
		raw, _ = c.SyscallConn()
	case *net.TCPConn:
		raw, _ = c.SyscallConn()
	}
	return raw
}

// borrow takes a place for something that connections can do without, as long as half of
// the places are free.
func (r *room) borrow() bool {
	switch {
	case r == nil || r.taken == nil:
		return true
	case 2*len(r.taken) >= cap(r.taken):
		return false
	}
	select {
	case r.taken <- struct{}{}:
		return true
	default:
		return false
	}
}

// pipe passes bytes from one socket to another without a look at them. It must not be used
// concurrently.
type pipe struct {
	of      *pipes
	dst     io.Writer
	in, out syscall.RawConn // of the source, and of dst
	ends    [2]int          // to read from, to write to
	held    int             // bytes in it

	splicing struct {
		in, out func(fd uintptr) bool // made once, not for each splice
		most    int
		n       int
		err     error
	}
}

func (p *pipe) close() {
	unix.Close(p.ends[0])
	unix.Close(p.ends[1])
	p.leave()
}

// leave gives back what open has taken.
func (p *pipe) leave() {
	if p.of.room != nil {
		p.of.room.leave()
	}
	p.of.used.Add(-1)
}

// fill waits until there is something to read, and puts that into the pipe, which is empty:
// most bytes at most. It puts in nothing if the kernel refuses, and fails as Read does.
func (p *pipe) fill(most int64) error {
	s := &p.splicing
	s.most = int(min(most, pipeSize))
	if err := p.in.Read(s.in); err != nil {
		return err
	}
	switch {
	case s.err == nil && s.n == 0:
		return io.EOF
	case s.err == nil:
		p.held = s.n
		return nil
	case refuses(s.err):
		p.of.refused.Store(true)
		return nil
	}
	return s.err
}

func (p *pipe) tryFill(fd uintptr) bool { return p.splice(int(fd), p.ends[1]) }

// drain writes all that is in the pipe. What the kernel does not take that way it takes by
// way of b.
func (p *pipe) drain(b []byte) error {
	s := &p.splicing
	for p.held > 0 {
		s.most = p.held
		if err := p.out.Write(s.out); err != nil {
			return err
		}
		switch {
		case s.err == nil && s.n > 0:
			p.held -= s.n
		case s.err == nil || refuses(s.err):
			p.of.refused.Store(true)
			return p.copyOut(b)
		default:
			return s.err
		}
	}
	return nil
}

func (p *pipe) tryDrain(fd uintptr) bool { return p.splice(p.ends[0], int(fd)) }

// splice moves bytes once, and reports whether there were any, or none will ever be.
func (p *pipe) splice(from, to int) bool {
	s := &p.splicing
	for {
		n, err := unix.Splice(from, nil, to, nil, s.most, unix.SPLICE_F_MOVE|unix.SPLICE_F_NONBLOCK)
		if err != unix.EINTR {
			s.n, s.err = max(int(n), 0), err
			return err != unix.EAGAIN
		}
	}
}

// refuses reports whether an error of splice says nothing of the sockets' peers.
func refuses(err error) bool {
	return isAny(err, unix.EINVAL, unix.ENOSYS, unix.EPERM, unix.EOPNOTSUPP, unix.ENOMEM)
}

// read takes bytes out of the pipe, which has some.
func (p *pipe) read(b []byte) (int, error) {
	for {
		n, err := unix.Read(p.ends[0], b[:min(len(b), p.held)])
		if err == unix.EINTR {
			continue
		}
		if err == nil && n == 0 {
			err = io.ErrUnexpectedEOF
		}
		p.held -= max(n, 0)
		return n, err
	}
}

// copyOut writes all that is in the pipe by way of b.
func (p *pipe) copyOut(b []byte) error {
	for p.held > 0 {
		n, err := p.read(b)
		if err == nil {
			_, err = p.dst.Write(b[:n])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
