package intercept

import (
	"net"
	"syscall"
)

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
