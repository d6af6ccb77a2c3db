package intercept

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/certificate"
	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/wire"
)

// mutual is a proxy with TLS and client certificates at both sides, in front of echo.
func mutual(t *testing.T, ca *testca.CA, version uint16, protocols []string) *rig {
	t.Helper()
	up := tlsDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", testca.Local)}, MaxVersion: version, NextProtos: protocols,
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool}, echo)
	up.TLS = &tls.Config{RootCAs: ca.Pool, Certificates: []tls.Certificate{ca.Issue("socktrace", nil)}, ServerName: "localhost"}
	return newRigTo(t, tcpSocket, up, func(p *Proxy) {
		p.TLS = &tls.Config{Certificates: []tls.Certificate{ca.Issue("front", testca.Local)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool}
	})
}

// TestTLSIsTold tells taps what was agreed on, with each side, before anything else.
func TestTLSIsTold(t *testing.T) {
	ca := testca.New(t, "ca")
	for name, version := range versions {
		t.Run(name, func(t *testing.T) {
			r := mutual(t, ca, version, []string{"h2", "http/1.1"})
			c := tls.Client(r.dial(), &tls.Config{RootCAs: ca.Pool, ServerName: "localhost", NextProtos: []string{"x", "http/1.1"},
				Certificates: []tls.Certificate{ca.Issue("alice", nil)}})
			write(t, c, "hello")
			read(t, c, "hello")
			c.CloseWrite()
			readEOF(t, c)
			rec := r.ended()
			if len(rec.tls) != 2 {
				t.Fatalf("told %d times", len(rec.tls))
			}
			client, server := rec.tls[0], rec.tls[1]
			for _, c := range []struct {
				what, got, want string
			}{
				{"peers", client.Peer + " " + server.Peer, "client server"},
				{"version of the client", client.Version, "TLS 1.3"},
				{"version of the server", server.Version, "TLS " + name},
				{"name", client.ServerName + " " + server.ServerName, "localhost localhost"},
				{"offers", strings.Join(client.Offered, " ") + ", " + strings.Join(server.Offered, " "), "x http/1.1, x http/1.1"},
				{"choice", client.Protocol + ", " + server.Protocol, "http/1.1, http/1.1"},
				{"certificates", subjects(client.Client) + " " + subjects(client.Server) + " " + subjects(server.Client) + " " + subjects(server.Server),
					"CN=alice CN=front CN=socktrace CN=dockerd"},
				{"names", strings.Join(server.Server[0].Names, " "), "localhost 127.0.0.1"},
				{"issuer", server.Server[0].Issuer, "CN=ca"},
			} {
				if c.got != c.want {
					t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
				}
			}
			if !strings.HasPrefix(client.Cipher, "TLS_") || len(client.Client[0].Fingerprint) != len("sha256:")+64 {
				t.Errorf("suite %s, fingerprint %s", client.Cipher, client.Client[0].Fingerprint)
			}
			if client.Start.IsZero() || client.End.Before(client.Start) || client.Conn != rec.conn || client.Resumed || client.Opaque != "" {
				t.Errorf("%+v", client)
			}
		})
	}
}

func subjects(all []wire.Certificate) string {
	var names []string
	for _, c := range all {
		names = append(names, c.Subject)
	}
	return strings.Join(names, "+")
}

// TestProtocols has a client get the protocol that the daemon chooses of those that it
// offers.
func TestProtocols(t *testing.T) {
	ca := testca.New(t, "ca")
	for _, c := range []struct {
		offered, daemon []string // daemon nil: it does not care; "plain": it speaks no TLS
		want            string   // "refused": the handshake fails
	}{
		{nil, nil, ""},
		{nil, []string{"http/1.1"}, ""},
		{[]string{"http/1.1"}, nil, ""},
		{[]string{"h2", "http/1.1"}, []string{"http/1.1"}, "http/1.1"},
		{[]string{"h2", "http/1.1"}, []string{"h2", "http/1.1"}, "h2"},
		{[]string{"h2"}, []string{"http/1.1"}, "refused"},
		{[]string{"h2", "http/1.1"}, []string{"plain"}, "http/1.1"},
		{[]string{"h2", "spdy"}, []string{"plain"}, ""},
		{[]string{"h2"}, []string{"plain"}, "h2"},
		{nil, []string{"plain"}, ""},
	} {
		t.Run(strings.Join(c.offered, "+")+" "+strings.Join(c.daemon, "+"), func(t *testing.T) {
			up := daemon(t, tcpSocket, echo)
			if !slices.Equal(c.daemon, []string{"plain"}) {
				up = tlsDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", testca.Local)}, NextProtos: c.daemon}, echo)
				up.TLS = &tls.Config{RootCAs: ca.Pool}
			}
			r := newRigTo(t, tlsSocket, up)
			r.trust.NextProtos = c.offered
			conn := r.dial().(*tls.Conn)
			err := conn.Handshake()
			if c.want == "refused" {
				if n, ok := alertIn(err); !ok || n != 120 {
					t.Errorf("the client gets %v, want alert 120", err)
				}
				if got := ProblemOf(r.ended().err); got != TLSProtocols {
					t.Errorf("kind %d", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := conn.ConnectionState().NegotiatedProtocol; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			write(t, conn, "x")
			read(t, conn, "x")
		})
	}
}

// TestHangingHandshakes keep neither others nor the end waiting.
func TestHangingHandshakes(t *testing.T) {
	r := newRig(t, tlsSocket, tlsSocket, echo)
	for _, say := range []string{"", "\x16\x03\x01", oldHello[:20]} {
		c, err := net.Dial("tcp", r.addr.Address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		write(t, c, say)
	}
	c := r.dial()
	write(t, c, "hello")
	read(t, c, "hello")
	r.stop()
	r.wait(r.done, "the end waits for a handshake")
	for range 4 {
		if rec := r.ended(); rec.err != wire.ErrStopped {
			t.Errorf("end: %v", rec.err)
		}
	}
}

// TestHangingDaemon has a daemon that never answers a handshake keep its own client
// only.
func TestHangingDaemon(t *testing.T) {
	entered := make(chan bool, 10)
	release := make(chan bool)
	up := daemon(t, tcpSocket, func(net.Conn) { entered <- true; <-release })
	defer close(release)
	up.TLS = new(tls.Config)
	r := newRigTo(t, tlsSocket, up)
	for range 2 {
		c := r.dial().(*tls.Conn)
		go c.Handshake()
	}
	for range 2 {
		<-entered
	}
	r.stop()
	r.wait(r.done, "the end waits for a handshake")
}

// TestTLSWithoutTap relays for nobody.
func TestTLSWithoutTap(t *testing.T) {
	r := newRig(t, tlsSocket, tlsSocket, echo, untapped)
	c := r.dial()
	write(t, c, "hello")
	read(t, c, "hello")
	c.CloseWrite()
	if b, err := io.ReadAll(c); len(b) > 0 || err != nil {
		t.Errorf("%q, %v", b, err)
	}
}

// TestManyNames tells some of them.
func TestManyNames(t *testing.T) {
	ca := testca.New(t, "ca")
	cert := ca.Issue("x", func(c *x509.Certificate) {
		for i := range 1000 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("h%d.example", i))
		}
	})
	leaf := leafOf(&cert)
	names := certificate.Told(leaf).Names
	if len(names) != 64 || names[0] != "h0.example" || names[63] != "…" {
		t.Errorf("%d: %q", len(names), names)
	}
	all := make([]*x509.Certificate, 100)
	for i := range all {
		all[i] = leaf
	}
	if n := len(certificates(all)); n != maxChain {
		t.Errorf("%d certificates", n)
	}
	if said := namesOf(leaf); !strings.HasPrefix(said, "h0.example, h1.example, ") || !strings.HasSuffix(said, " and more") {
		t.Errorf("said: %s", said)
	}
}

// TestWordsBehindReset has what a peer says of TLS be the reason, where a write has failed
// before that was read.
func TestWordsBehindReset(t *testing.T) {
	words := &TLSError{Problem: TLSRefused, text: "it refuses", err: io.EOF}
	for name, c := range map[string]struct {
		first, second error
		sides         [2]wire.Dir
		want          string
	}{
		"behind":         {syscall.ECONNRESET, words, [2]wire.Dir{wire.ToClient, wire.ToClient}, "up: it refuses"},
		"before":         {words, syscall.ECONNRESET, [2]wire.Dir{wire.ToClient, wire.ToClient}, "up: it refuses"},
		"of the other":   {syscall.ECONNRESET, words, [2]wire.Dir{wire.ToServer, wire.ToClient}, "client: connection reset by peer"},
		"not of TLS":     {syscall.EPIPE, syscall.ECONNRESET, [2]wire.Dir{wire.ToClient, wire.ToClient}, "up: broken pipe"},
		"of its own too": {words, &TLSError{text: "another"}, [2]wire.Dir{wire.ToClient, wire.ToClient}, "up: it refuses"},
	} {
		l := &link{names: [2]string{"client", "up"}, warn: func(error) {}}
		l.fail(c.sides[0], c.first)
		l.fail(c.sides[1], c.second)
		if got := l.err.Error(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
