// Package testpeer has peers for tests that stand between clients and daemons.
package testpeer

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
)

// Serve has handle talk to each that connects to l, which is closed when the test ends. A
// connection is closed when handle has returned.
func Serve(t testing.TB, l net.Listener, handle func(net.Conn)) {
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				handle(c)
			}()
		}
	}()
}

// Port is Serve on a port of this machine, which it returns with the host.
func Port(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	Serve(t, l, handle)
	return l.Addr().String()
}

// Secure has handle talk behind TLS, with those who shake hands. Who speaks plain HTTP
// is answered as Go's servers do.
func Secure(config *tls.Config, handle func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		s := tls.Server(c, config)
		err := s.Handshake()
		if plain, ok := err.(tls.RecordHeaderError); ok && plain.Conn != nil {
			_, _ = io.WriteString(c, "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
		}
		if err == nil {
			handle(s)
			s.Close()
		}
	}
}

// Switches returns a handler that answers 101, after which it says nothing: the connection stays
// open until the test ends.
func Switches(t testing.TB) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { conn.Close() })
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
	}
}
