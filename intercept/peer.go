package intercept

import (
	"net"

	"github.com/socktrace/socktrace/wire"
)

// clientPeer describes the other end of an accepted connection. Clients on
// unix sockets have no address.
func clientPeer(c net.Conn, names *names) wire.Peer {
	p := wire.Peer{Process: processOf(c, names)}
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		p.Addr = Addr{"tcp", a.String()}.String()
	}
	return p
}

// processOf returns the process at the other end of c, if that is a unix socket,
// encrypted or not.
func processOf(c net.Conn, names *names) *wire.Process {
	if c, ok := transport(c).(*net.UnixConn); ok {
		return peerProcess(c, names)
	}
	return nil
}
