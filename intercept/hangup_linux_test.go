package intercept

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/internal/testpeer"
	"github.com/socktrace/socktrace/wire"
	"golang.org/x/sys/unix"
)

// watch plays dockerd: it reads to the end of input, then waits for the
// hang-up that tells it that its client is gone.
func watch(eof, gone chan<- struct{}) func(net.Conn) {
	return func(c net.Conn) {
		io.Copy(io.Discard, onlyReader{c})
		close(eof)
		if hungUp, _ := awaitHangup(c); hungUp {
			close(gone)
		}
	}
}

func TestKilledClientIsFullyClosed(t *testing.T) {
	tests := []struct {
		name   string
		before func(t *testing.T, c half, eof <-chan struct{})
	}{
		{"mid-request", func(t *testing.T, c half, eof <-chan struct{}) { write(t, c, "POST /x HT") }},
		{"before the first byte", func(t *testing.T, c half, eof <-chan struct{}) {}},
		{"after half-close", func(t *testing.T, c half, eof <-chan struct{}) {
			write(t, c, "POST")
			c.CloseWrite()
			<-eof
			time.Sleep(50 * time.Millisecond) // the proxy has begun to wait
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eof, gone := make(chan struct{}), make(chan struct{})
			r := newRig(t, unixSocket, unixSocket, watch(eof, gone))
			c := r.dial()
			test.before(t, c, eof)
			c.Close()
			r.wait(gone, "the daemon was not hung up on")
			if rec := r.ended(); rec.err != nil {
				t.Errorf("end: %v", rec.err)
			}
		})
	}
}

// What a daemon would still say to a client that only has nothing more to say is not
// asked of it when the client is gone.
func TestGoneClientIsNotHalfClosed(t *testing.T) {
	for range 50 {
		got := make(chan error, 1)
		r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
			io.Copy(io.Discard, onlyReader{c})
			for err := error(nil); err == nil; {
				if _, err = c.Write([]byte("x")); err != nil {
					got <- err
				}
			}
		})
		c := r.dial()
		write(t, c, "POST")
		c.Close()
		if err := <-got; !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			t.Fatal(err)
		}
		for _, c := range r.ended().chunks {
			if c.Dir == wire.ToClient && len(c.Data) > 0 {
				t.Fatalf("the daemon could still say %q", c.Data)
			}
		}
	}
}

// A half-close alone must not hang up: the answer is still to come.
func TestHalfCloseIsNoHangup(t *testing.T) {
	eof, gone := make(chan struct{}), make(chan struct{})
	r := newRig(t, unixSocket, unixSocket, watch(eof, gone))
	c := r.dial()
	c.CloseWrite()
	r.wait(eof, "the half-close did not arrive")
	select {
	case <-gone:
		t.Error("a half-close arrived as a close")
	case <-time.After(200 * time.Millisecond):
	}
}

func TestClientDiesWithUnreadAnswer(t *testing.T) {
	gone := make(chan error, 1)
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
		for {
			if _, err := c.Write(make([]byte, 1000)); err != nil {
				gone <- err
				return
			}
		}
	})
	c := r.dial()
	read(t, c, "\x00\x00")
	c.Close()
	if err := <-gone; !errors.Is(err, syscall.EPIPE) {
		t.Errorf("daemon got %v; want a broken pipe", err)
	}
	if rec := r.ended(); rec.err == nil || !strings.HasPrefix(rec.err.Error(), "client: ") {
		t.Errorf("end: %v", rec.err)
	}
}

func TestDeadDaemonIsFullyClosed(t *testing.T) {
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) { io.WriteString(c, "last words") })
	c := r.dial()
	time.Sleep(50 * time.Millisecond)
	read(t, c, "last words")
	readEOF(t, c)
	if gone, err := awaitHangup(c); !gone || err != nil {
		t.Errorf("hang-up: %v, %v", gone, err)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("write: %v; want a broken pipe", err)
	}
}

// The daemon reads no more, but still answers: the client is to learn the one
// and get the other.
func TestDaemonStopsReading(t *testing.T) {
	stopped := make(chan struct{})
	more := make(chan struct{})
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
		c.(*net.UnixConn).CloseRead()
		close(stopped)
		<-more
		io.WriteString(c, "answer")
	})
	c := r.dial()
	<-stopped
	var err error
	for err == nil { // until the news has come through
		_, err = c.Write([]byte("x"))
		time.Sleep(time.Millisecond)
	}
	if !errors.Is(err, syscall.EPIPE) {
		t.Errorf("write: %v; want a broken pipe", err)
	}
	close(more)
	read(t, c, "answer")
	c.Close()
	if rec := r.ended(); !errors.Is(rec.err, syscall.EPIPE) {
		t.Errorf("end: %v", rec.err)
	}
}

// Bytes that were read are not thrown away by a reset that follows them.
func TestResetComesAfterTheBytes(t *testing.T) {
	const size = 1 << 20
	r := newRig(t, tcpSocket, unixSocket, func(c net.Conn) {
		c.Write(make([]byte, size))
		// It closes with something unread, which the proxy sees as a reset.
		for {
			if n := unread(c); n > 0 {
				return
			}
			time.Sleep(time.Millisecond)
		}
	})
	c := r.dial()
	c.(*net.TCPConn).SetReadBuffer(32 << 10)
	write(t, c, "x")
	got := 0
	b := make([]byte, 16<<10)
	for got < size {
		n, err := c.Read(b)
		if err != nil {
			t.Fatalf("after %d bytes: %v", got, err)
		}
		got += n
		time.Sleep(time.Millisecond)
	}
	if _, err := c.Read(b); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("client got %v; want a reset", err)
	}
}

// unread returns how many bytes wait to be read from c.
func unread(c net.Conn) (n int) {
	control(c, func(fd int) { n, _ = unix.IoctlGetInt(fd, unix.TIOCINQ) })
	return n
}

func TestPeerProcess(t *testing.T) {
	comm, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, unixSocket, unixSocket, echo)
	r.dial().Close()
	conn := r.ended().conn
	for side, p := range map[string]string{"client": conn.Client.Process.Name, "server": conn.Server.Process.Name} {
		if p != strings.TrimSpace(string(comm)) {
			t.Errorf("%s: name %q", side, p)
		}
	}
	if p := conn.Client.Process; p.PID != os.Getpid() || p.UID != os.Getuid() {
		t.Errorf("client: %+v", p)
	}
}

// TestPeerProcessBehindTLS: encryption at either end hides no process.
func TestPeerProcessBehindTLS(t *testing.T) {
	ca := testca.New(t, "ca")
	encrypted := &tls.Config{Certificates: []tls.Certificate{ca.Issue("back", testca.Local)}}
	trusting := &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1"}
	back, err := net.Listen("unix", tempDir(t)+"/back")
	if err != nil {
		t.Fatal(err)
	}
	testpeer.Serve(t, back, testpeer.Secure(encrypted, echo))
	up := Upstream{Addr: Addr{"unix", back.Addr().String()}, TLS: trusting}
	r := newRigTo(t, unixSocket, up, func(p *Proxy) { p.Listener = tls.NewListener(p.Listener, encrypted) })
	c := tls.Client(r.dial(), trusting)
	write(t, c, "x")
	read(t, c, "x")
	c.Close()
	conn := r.ended().conn
	for side, p := range map[string]*wire.Process{"client": conn.Client.Process, "server": conn.Server.Process} {
		if p == nil || p.PID != os.Getpid() {
			t.Errorf("%s: got %+v", side, p)
		}
	}
}
