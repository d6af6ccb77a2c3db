package intercept

import (
	"net"
	"syscall"

	"github.com/socktrace/socktrace/wire"
)

// clientPeer describes the other end of an accepted connection. Clients on
// unix sockets have no address.
func clientPeer(c net.Conn) wire.Peer {
	p := wire.Peer{Process: processOf(c)}
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		p.Addr = Addr{"tcp", a.String()}.String()
	}
	return p
}

// processOf returns the process at the other end of c, if that is a unix socket,
// encrypted or not.
func processOf(c net.Conn) *wire.Process {
	if c, ok := transport(c).(*net.UnixConn); ok {
		return peerProcess(c)
	}
	return nil
}

// transport returns the connection that carries c, which is c itself unless it
// is encrypted.
func transport(c net.Conn) net.Conn {
	for {
		outer, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return c
		}
		c = outer.NetConn()
	}
}

// control runs f with the descriptor of c, and reports whether c has one and
// is still open. f must not block.
func control(c net.Conn, f func(fd int)) bool {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	return raw.Control(func(fd uintptr) { f(int(fd)) }) == nil
}
