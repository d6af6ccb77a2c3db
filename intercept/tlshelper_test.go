package intercept

import (
	"crypto/tls"
	"net"
	"testing"
)

// tlsDaemon listens with TLS, and answers each connection by handle.
func tlsDaemon(t testing.TB, config *tls.Config, handle func(net.Conn)) Upstream {
	t.Helper()
	return daemon(t, tcpSocket, func(c net.Conn) {
		s := tls.Server(c, config)
		defer s.Close()
		if s.Handshake() == nil {
			handle(s)
		}
	})
}
