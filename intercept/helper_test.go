package intercept

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/internal/testpeer"
	"github.com/socktrace/socktrace/wire"
)

// patience is how long a test waits for what must happen; it is only used up
// by a failure.
const patience = 20 * time.Second

// TestMain lets the test binary play other programs, which tests start.
func TestMain(m *testing.M) {
	switch role := os.Getenv("INTERCEPT_TEST_ROLE"); role {
	case "listen":
		playListener()
	case "dial-stdio":
		playDialStdio()
	case "loop", "socktrace", "unseen":
		playInterposer(role)
	case "tls loop", "tls socktrace":
		playTLSInterposer(role)
	case "say":
		os.Stdout.WriteString("last words")
	case "listen on":
		os.Stdout.Close()
		b, _ := io.ReadAll(os.Stdin)
		_ = os.WriteFile(os.Getenv("INTERCEPT_TEST_FILE"), b, 0o600)
	case "hang":
		os.Stdout.WriteString("up")
		for {
			time.Sleep(time.Hour)
		}
	case "fail":
		os.Stderr.WriteString("ssh: connect to host example port 22: Connection refused\n")
		os.Exit(255)
	default:
		os.Exit(m.Run())
	}
}

// playListener is a process that listens, once the file that it is to wait for
// is there: it says "ok" or why not, and goes on until it is killed.
func playListener() {
	if start := os.Getenv("INTERCEPT_TEST_START"); start != "" {
		for _, err := os.Stat(start); err != nil; _, err = os.Stat(start) {
		}
	}
	a := Addr{"unix", os.Getenv("INTERCEPT_TEST_SOCKET")}
	l, err := Listen(a, ListenOptions{Like: os.Getenv("INTERCEPT_TEST_LIKE")})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ok")
	for err == nil { // to wait for nothing at all is a deadlock to a program without cgo
		_, err = l.Accept()
	}
}

// tempDir returns a new directory whose path is short enough for sockets.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "st")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// recorder is a tap that keeps all it sees. It has no lock while it is
// called, so that the race detector finds calls that overlap.
type recorder struct {
	conn   *wire.Conn
	tls    []*wire.TLS
	chunks []wire.Chunk
	err    error
	ended  chan struct{}
}

func (r *recorder) Chunk(c wire.Chunk) {
	c.Data = bytes.Clone(c.Data)
	r.chunks = append(r.chunks, c)
}

func (r *recorder) TLS(ev *wire.TLS) { r.tls = append(r.tls, ev) }

func (r *recorder) End(_ time.Time, err error) {
	r.err = err
	close(r.ended)
}

// bytes returns what was seen of a direction; valid after the end.
func (r *recorder) bytes(d wire.Dir) []byte {
	var all []byte
	for _, c := range r.chunks {
		if c.Dir == d {
			all = append(all, c.Data...)
		}
	}
	return all
}

// rig is a proxy between a test's client and a test's daemon.
type rig struct {
	t     testing.TB
	proxy *Proxy
	addr  Addr
	stop  context.CancelFunc
	done  chan struct{} // closed when Serve has returned
	taps  chan *recorder
	trust *tls.Config // of clients, where they speak TLS

	mu       sync.Mutex
	warnings []string
}

// kinds of sockets: the daemon may also speak TLS.
const (
	unixSocket = "unix"
	tcpSocket  = "tcp"
	tlsSocket  = "tls"
)

// newRig starts a daemon that runs handle for each connection, and a proxy in
// front of it.
func newRig(t testing.TB, front, back string, handle func(net.Conn), set ...func(*Proxy)) *rig {
	t.Helper()
	return newRigTo(t, front, daemon(t, back, handle), set...)
}

// newRigTo starts a proxy in front of an upstream, after it was changed by set.
func newRigTo(t testing.TB, front string, up Upstream, set ...func(*Proxy)) *rig {
	t.Helper()
	r := &rig{t: t, done: make(chan struct{}), taps: make(chan *recorder, 100_000)}
	l, err := Listen(freeAddr(t, front), ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Local()
	r.proxy = &Proxy{Listener: l, Upstream: up, Tap: r.tap, Warn: r.warn}
	if front == tlsSocket {
		ca := testca.New(t, "ca")
		r.proxy.TLS = &tls.Config{Certificates: []tls.Certificate{ca.Issue("front", testca.Local)}}
		r.trust = &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1"}
	}
	for _, f := range set {
		f(r.proxy)
	}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	go func() {
		defer close(r.done)
		if err := r.proxy.Serve(ctx); err != nil {
			t.Errorf("Serve: %v", err)
		}
	}()
	t.Cleanup(func() { stop(); r.wait(r.done, "Serve did not return") })
	return r
}

// untapped leaves a proxy without a tap: the test keeps no copy of it all.
func untapped(p *Proxy) { p.Tap = nil }

func freeAddr(t testing.TB, network string) Addr {
	if network == unixSocket {
		return Addr{"unix", filepath.Join(tempDir(t), "s")}
	}
	return Addr{"tcp", "127.0.0.1:0"}
}

func (r *rig) tap(c *wire.Conn) wire.Tap {
	rec := &recorder{conn: c, ended: make(chan struct{})}
	r.taps <- rec
	return rec
}

func (r *rig) warn(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.warnings = append(r.warnings, err.Error())
}

func (r *rig) warned() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.warnings...)
}

func (r *rig) wait(c <-chan struct{}, what string) {
	r.t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		r.t.Fatal(what)
	}
}

// ended returns the recorder of the next connection, after its end.
func (r *rig) ended() *recorder {
	r.t.Helper()
	select {
	case rec := <-r.taps:
		r.wait(rec.ended, "the tap saw no end")
		return rec
	case <-time.After(patience):
		r.t.Fatal("no connection reached the tap")
		return nil
	}
}

// pause lets others do something.
func (r *rig) pause() { time.Sleep(time.Millisecond) }

// half is a connection that can be half-closed.
type half interface {
	net.Conn
	CloseWrite() error
}

func (r *rig) dial() half {
	r.t.Helper()
	c, err := net.Dial(r.addr.Network, r.addr.Address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(2 * patience))
	if r.trust != nil {
		return tls.Client(c, r.trust)
	}
	return c.(half)
}

// daemon listens on a socket of a kind, and closes each connection after
// handle.
func daemon(t testing.TB, kind string, handle func(net.Conn)) Upstream {
	t.Helper()
	if kind == tlsSocket {
		ca := testca.New(t, "ca")
		u := tlsDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("back", testca.Local)}}, handle)
		u.TLS = &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1"}
		return u
	}
	a := freeAddr(t, kind)
	l, err := net.Listen(a.Network, a.Address)
	if err != nil {
		t.Fatal(err)
	}
	testpeer.Serve(t, l, patiently(handle))
	return Upstream{Addr: Addr{kind, l.Addr().String()}}
}

// tlsDaemon listens with TLS, and closes each connection after handle.
func tlsDaemon(t testing.TB, config *tls.Config, handle func(net.Conn)) Upstream {
	t.Helper()
	return Upstream{Addr: Addr{"tcp", testpeer.Port(t, patiently(testpeer.Secure(config, handle)))}}
}

// patiently is handle, with a deadline for everything.
func patiently(handle func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		c.SetDeadline(time.Now().Add(2 * patience))
		handle(c)
	}
}

// echo sends back what it gets until the end of it.
func echo(c net.Conn) { io.Copy(onlyWriter{c}, onlyReader{c}) }

// onlyWriter and onlyReader keep io.Copy from moving bytes in the kernel.
type onlyWriter struct{ io.Writer }

type onlyReader struct{ io.Reader }

func write(t testing.TB, c net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatalf("write %q: %v", s, err)
	}
}

// read reads exactly as many bytes as want has, and compares.
func read(t testing.TB, c net.Conn, want string) {
	t.Helper()
	b := make([]byte, len(want))
	if n, err := io.ReadFull(c, b); err != nil || string(b) != want {
		t.Fatalf("read %q, %v; want %q", b[:n], err, want)
	}
}

// readEOF expects the end of input.
func readEOF(t testing.TB, c net.Conn) {
	t.Helper()
	if b, err := io.ReadAll(c); err != nil || len(b) > 0 {
		t.Fatalf("read %q, %v; want end of input", b, err)
	}
}
