package intercept

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/wire"
)

// The benchmarks here are those of bench_test.go with TLS ended at both sides: compare
// loop with socktrace. stunnel is what users would take; it ends TLS once in each of two
// services.

// noDeadline is for daemons that are talked to for long.
var noDeadline time.Time

// tlsInterposers are what stands between; each in a process of its own.
var tlsInterposers = []string{"direct", "tls loop", "tls socktrace", "stunnel"}

// startTLS starts one of them, and returns the address that clients connect to. dir has
// the certificates of all.
func startTLS(b *testing.B, name, dir string, daemon Upstream) string {
	b.Helper()
	switch name {
	case "direct":
		return daemon.Addr.Address
	case "stunnel":
		return startStunnel(b, dir, daemon)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "INTERCEPT_TEST_ROLE="+name, "INTERCEPT_TEST_CERTS="+dir, "INTERCEPT_TEST_DAEMON="+daemon.Addr.Address)
	in, err := cmd.StdinPipe() // it ends when this does
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// startStunnel starts stunnel: TLS to plain, and plain to TLS.
func startStunnel(b *testing.B, dir string, daemon Upstream) string {
	b.Helper()
	path := need.Program(b, "stunnel")
	var ports [2]string
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		ports[i] = l.Addr().String()
		l.Close()
	}
	conf := filepath.Join(dir, "stunnel.conf")
	text := fmt.Sprintf("foreground = yes\npid =\n[front]\naccept = %s\nconnect = %s\ncert = %s/cert.pem\nkey = %s/key.pem\n[back]\nclient = yes\naccept = %s\nconnect = %s\n",
		ports[0], ports[1], dir, dir, ports[1], daemon.Addr.Address)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(path, conf)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for {
		if c, err := net.Dial("tcp", ports[0]); err == nil {
			c.Close()
			return ports[0]
		}
	}
}

// playTLSInterposer is a process that ends TLS at both sides.
func playTLSInterposer(name string) {
	dir := os.Getenv("INTERCEPT_TEST_CERTS")
	read := func(file string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			panic(err)
		}
		return b
	}
	pair, err := KeyPair("cert.pem", read("cert.pem"), "key.pem", read("key.pem"))
	if err != nil {
		panic(err)
	}
	pool, err := Pool("ca.pem", read("ca.pem"))
	if err != nil {
		panic(err)
	}
	l, err := Listen(Addr{"tcp", "127.0.0.1:0"}, ListenOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	front, back := &tls.Config{Certificates: []tls.Certificate{pair}}, &tls.Config{RootCAs: pool, ServerName: "localhost"}
	up := Upstream{Addr: Addr{"tcp", os.Getenv("INTERCEPT_TEST_DAEMON")}, TLS: back}
	if name == "tls loop" {
		go runLoop(&Listener{Listener: tls.NewListener(l.Listener, front)}, up)
	} else {
		p := Proxy{Listener: l, Upstream: up, TLS: front, Tap: func(*wire.Conn) wire.Tap { return new(nullTap) }}
		go p.Serve(context.Background())
	}
	io.Copy(io.Discard, os.Stdin)
	l.Close()
}

// onTLS runs a benchmark with each of them in front of a daemon that answers with handle.
func onTLS(b *testing.B, handle func(net.Conn), run func(b *testing.B, dial func() net.Conn)) {
	ca := testca.New(b, "ca")
	up := tlsDaemon(b, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", testca.Local)}}, handle)
	dir := ca.Write("between", testca.Local)
	for _, name := range tlsInterposers {
		b.Run(strings.TrimPrefix(name, "tls "), func(b *testing.B) {
			at := startTLS(b, name, dir, up)
			run(b, func() net.Conn {
				c, err := tls.Dial("tcp", at, &tls.Config{RootCAs: ca.Pool, ServerName: "localhost"})
				if err != nil {
					b.Fatal(err)
				}
				return c
			})
		})
	}
}

// BenchmarkTLSRoundTrip is one small request and its answer, on a connection that is
// kept.
func BenchmarkTLSRoundTrip(b *testing.B) {
	answer := func(c net.Conn) {
		c.SetDeadline(noDeadline)
		buf := make([]byte, len(request))
		for {
			if _, err := io.ReadFull(c, buf); err != nil {
				return
			}
			io.WriteString(c, response)
		}
	}
	onTLS(b, answer, func(b *testing.B, dial func() net.Conn) {
		c := dial()
		defer c.Close()
		buf := make([]byte, len(response))
		for b.Loop() {
			io.WriteString(c, request)
			if _, err := io.ReadFull(c, buf); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkTLSBulk is 64 MiB from the daemon to the client.
func BenchmarkTLSBulk(b *testing.B) {
	const size = 64 << 20
	piece := []byte(strings.Repeat("x", 64<<10))
	send := func(c net.Conn) {
		c.SetDeadline(noDeadline)
		for range size / len(piece) {
			if _, err := c.Write(piece); err != nil {
				return
			}
		}
	}
	onTLS(b, send, func(b *testing.B, dial func() net.Conn) {
		b.SetBytes(size)
		buf := make([]byte, 64<<10)
		for b.Loop() {
			c := dial()
			n, err := io.CopyBuffer(onlyWriter{io.Discard}, onlyReader{c}, buf)
			if n != size || err != nil {
				b.Fatalf("%d bytes, %v", n, err)
			}
			c.Close()
		}
	})
}

// BenchmarkTLSConnect is a connection with one round trip, from dial to close.
func BenchmarkTLSConnect(b *testing.B) {
	onTLS(b, echo, func(b *testing.B, dial func() net.Conn) {
		buf := make([]byte, 1)
		for b.Loop() {
			c := dial()
			c.Write(buf)
			if _, err := c.Read(buf); err != nil {
				b.Fatal(err)
			}
			c.Close()
		}
	})
}
