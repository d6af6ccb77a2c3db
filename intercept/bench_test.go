package intercept

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// The benchmarks send the same traffic through a plain copy loop and through a
// Proxy with a tap, in the same run on the same machine: compare loop with
// socktrace. Each stands in a process of its own, as it does in use: within
// one process the scheduler would pass bytes on without waking anybody.

// interposers are what stands between a client and a daemon; nil is nothing.
var interposers = []struct {
	name string
	run  func(*Listener, Upstream)
}{
	{"direct", nil},
	{"loop", runLoop},
	{"socktrace", runProxy},
	{"unseen", runUnseen},
}

// startInterposer starts the process that runs an interposer, and returns the
// address that clients connect to.
func startInterposer(b *testing.B, name string, daemon Upstream) Addr {
	b.Helper()
	if name == "direct" {
		return daemon.Addr
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	a := freeAddr(b, unixSocket)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "INTERCEPT_TEST_ROLE="+name,
		"INTERCEPT_TEST_SOCKET="+a.Address, "INTERCEPT_TEST_DAEMON="+daemon.Addr.Address)
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
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ok\n" {
		b.Fatalf("%s: %q, %v", name, line, err)
	}
	return a
}

// playInterposer is that process.
func playInterposer(name string) {
	l, err := Listen(Addr{"unix", os.Getenv("INTERCEPT_TEST_SOCKET")}, ListenOptions{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ok")
	up := Upstream{Addr: Addr{"unix", os.Getenv("INTERCEPT_TEST_DAEMON")}}
	for _, i := range interposers {
		if i.name == name {
			go i.run(l, up)
		}
	}
	io.Copy(io.Discard, os.Stdin)
	l.Close()
}

func runProxy(l *Listener, daemon Upstream) {
	p := Proxy{Listener: l, Upstream: daemon, Tap: func(*wire.Conn) wire.Tap { return new(nullTap) }}
	p.Serve(context.Background())
}

// runUnseen is runProxy with a tap that need not see what is bulk: on Linux the kernel passes
// that on, which should take half the CPU time of socktrace or less.
func runUnseen(l *Listener, daemon Upstream) {
	p := Proxy{Listener: l, Upstream: daemon, Tap: func(*wire.Conn) wire.Tap { return new(blindTap) }}
	p.Serve(context.Background())
}

// blindTap is a tap that need not see anything.
type blindTap struct{ nullTap }

func (*blindTap) Passes(wire.Dir) int64 { return 1 << 40 }

// runLoop is what anyone would write first: read, write, 32 KiB.
func runLoop(l *Listener, daemon Upstream) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := daemon.Dial(context.Background())
		if err != nil {
			client.Close()
			continue
		}
		go copyLoop(server, client)
		go copyLoop(client, server)
	}
}

func copyLoop(dst, src net.Conn) {
	defer dst.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if _, err := dst.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

const (
	request  = "GET /v1.41/containers/json HTTP/1.1\r\nHost: docker\r\nUser-Agent: bench\r\n\r\n"
	response = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[]\n"
)

// BenchmarkRoundTrip is one small request and its answer, on a connection that
// is kept.
func BenchmarkRoundTrip(b *testing.B) {
	up := daemon(b, unixSocket, func(c net.Conn) {
		buf := make([]byte, len(request))
		for {
			if _, err := io.ReadFull(c, buf); err != nil {
				return
			}
			io.WriteString(c, response)
		}
	})
	for _, between := range interposers {
		b.Run(between.name, func(b *testing.B) {
			a := startInterposer(b, between.name, up)
			c, err := net.Dial(a.Network, a.Address)
			if err != nil {
				b.Fatal(err)
			}
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
}

// BenchmarkBulk is 256 MiB from the daemon to the client.
func BenchmarkBulk(b *testing.B) {
	const size = 256 << 20
	piece := []byte(strings.Repeat("x", 64<<10))
	up := daemon(b, unixSocket, func(c net.Conn) {
		for range size / len(piece) {
			if _, err := c.Write(piece); err != nil {
				return
			}
		}
	})
	for _, between := range interposers {
		b.Run(between.name, func(b *testing.B) {
			a := startInterposer(b, between.name, up)
			b.SetBytes(size)
			buf := make([]byte, 64<<10)
			for b.Loop() {
				c, err := net.Dial(a.Network, a.Address)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.CopyBuffer(onlyWriter{io.Discard}, onlyReader{c}, buf)
				if n != size || err != nil {
					b.Fatalf("%d bytes, %v", n, err)
				}
				c.Close()
			}
		})
	}
}

// BenchmarkConnect is a connection with one round trip, from dial to close.
func BenchmarkConnect(b *testing.B) {
	up := daemon(b, unixSocket, echo)
	for _, between := range interposers {
		b.Run(between.name, func(b *testing.B) {
			a := startInterposer(b, between.name, up)
			buf := make([]byte, 1)
			for b.Loop() {
				c, err := net.Dial(a.Network, a.Address)
				if err != nil {
					b.Fatal(err)
				}
				c.Write(buf)
				if _, err := c.Read(buf); err != nil {
					b.Fatal(err)
				}
				c.Close()
			}
		})
	}
}
