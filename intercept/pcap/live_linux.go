package pcap

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const (
	// tick is how long next waits for a packet.
	tick = disorder
	// linger is how long packets that came before stop may take to be seen:
	// several times what a block is filled for.
	linger = 10 * retire * time.Millisecond
)

// packetSocket captures packets (packet(7)). It is a raw socket with a ring: the
// EthernetHandle of gopacket makes a system call and a copy for each packet,
// and has no interfaces other than Ethernet.
type packetSocket struct {
	*ring
	file     *os.File
	conn     syscall.RawConn // of file: what waits in it can be woken
	stopping atomic.Bool
}

// openLive opens a socket for the interface.
func openLive(name string, port uint16) (_ live, err error) {
	d, err := findDevice(name)
	if err != nil {
		return nil, err
	}
	// Without a protocol it gets nothing until it is bound, so that no packet
	// comes by the filter.
	fd, err := unix.Socket(unix.AF_PACKET, d.socketType()|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	s := &packetSocket{file: os.NewFile(uintptr(fd), "packets of "+name)}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.conn, err = s.file.SyscallConn(); err != nil {
		return nil, err
	}
	if s.ring, err = newRing(fd, d.link()); err != nil {
		return nil, err
	}
	if err = attach(fd, filter(d.link(), port)); err != nil {
		return nil, os.NewSyscallError("attach the filter", err)
	}
	if err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_ALL), Ifindex: d.index}); err != nil {
		return nil, err
	}
	return s, pending(fd)
}

// next waits for a packet.
func (s *packetSocket) next(p *packet) error {
	if s.take(p) {
		return nil
	}
	if err := s.file.SetReadDeadline(time.Now().Add(tick)); err != nil {
		return err
	}
	last := s.stopping.Load() // later, and stop ends the wait
	if last {
		if err := s.file.SetReadDeadline(time.Now().Add(linger)); err != nil {
			return err
		}
	}
	var failed error
	err := s.conn.Read(func(fd uintptr) bool {
		if s.take(p) {
			return true
		}
		failed = pending(int(fd))
		return failed != nil
	})
	switch {
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return errors.Join(err, failed)
	case last:
		return io.EOF
	}
	return errQuiet
}

// stop refuses all packets from now on, and ends a wait.
func (s *packetSocket) stop() {
	// It fails if the socket was closed, or has no memory for a filter of one
	// instruction: then the packets of a moment more are seen.
	_ = s.conn.Control(func(fd uintptr) { _ = attach(int(fd), []bpf.Instruction{bpf.RetConstant{}}) })
	s.stopping.Store(true)
	_ = s.file.SetReadDeadline(time.Now())
}

// dropped asks the kernel, which forgets the number then.
func (s *packetSocket) dropped() (n int64, err error) {
	e := s.conn.Control(func(fd uintptr) {
		var stats *unix.TpacketStatsV3
		if stats, err = unix.GetsockoptTpacketStatsV3(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
			n = int64(stats.Drops)
		}
	})
	return n, errors.Join(e, err)
}

// Close frees the socket and its ring.
func (s *packetSocket) Close() error {
	var err error
	if s.ring != nil {
		err = s.ring.free()
	}
	return errors.Join(err, s.file.Close())
}

// pending returns what has happened to the socket, such as that its interface
// went down.
func pending(fd int) error {
	n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil || n == 0 {
		return err
	}
	return unix.Errno(n)
}

// attach makes the socket get only what the filter accepts.
func attach(fd int, program []bpf.Instruction) error {
	raw, err := bpf.Assemble(program)
	if err != nil {
		return err
	}
	code := make([]unix.SockFilter, len(raw))
	for i, ins := range raw {
		code[i] = unix.SockFilter{Code: ins.Op, Jt: ins.Jt, Jf: ins.Jf, K: ins.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]})
}

// networkOrder returns n with its bytes in network order.
func networkOrder(n uint16) uint16 { return n<<8 | n>>8 }
