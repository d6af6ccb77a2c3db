package intercept

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// pairOf returns both ends of a connection over an address of this machine.
func pairOf(t *testing.T, network, address string) (client, server *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		need.Skip(t, address, err)
	}
	defer l.Close()
	c, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); s.Close() })
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

// TestSeek finds the process that is at the other end of TCP, and does so no more when
// it has closed its end.
func TestSeek(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		client, server := pairOf(t, "tcp", address)
		var s seeker
		for range 2 { // the second time it is a recent one
			p := s.seek(server)()
			if p == nil || p.PID != os.Getpid() || p.UID != os.Getuid() || !strings.HasPrefix(filepath.Base(os.Args[0]), p.Name) || p.Name == "" {
				t.Fatalf("%s: %+v", address, p)
			}
		}
		if len(s.recent) != 1 || s.waiting.Load() != 0 {
			t.Errorf("recent %v, waiting %d", s.recent, s.waiting.Load())
		}
		client.Close()
		if p := s.seek(server)(); p != nil {
			t.Errorf("%s: a socket that is closed is of %+v", address, p)
		}
	}
}

// TestSeekChild finds a process of which nothing is known before.
func TestSeekChild(t *testing.T) {
	bash := need.Program(t, "bash")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cmd := exec.Command(bash, "-c", "exec 3<>/dev/tcp/127.0.0.1/"+strconv.Itoa(l.Addr().(*net.TCPAddr).Port)+"; read x <&3")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	var s seeker
	p := s.seek(server)()
	_, _ = io.WriteString(server, "over\n")
	server.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if p == nil || p.PID != cmd.Process.Pid || p.Name != "bash" {
		t.Errorf("%+v, want bash[%d]", p, cmd.Process.Pid)
	}
}

// TestSeekBounds looks for nobody when that has taken too long, or for too many.
func TestSeekBounds(t *testing.T) {
	_, server := pairOf(t, "tcp", "127.0.0.1:0")
	now := time.Now()
	s := &seeker{spent: maxSpent + time.Hour, paid: now}
	if p := s.seek(server)(); p != nil {
		t.Errorf("out of time, %+v was found", p)
	}
	if !s.affords(now.Add(seekShare * 2 * time.Hour)) {
		t.Error("time is not paid off")
	}
	throng := new(seeker)
	throng.waiting.Store(maxWaiting)
	if p := throng.seek(server)(); p != nil || throng.waiting.Load() != maxWaiting {
		t.Errorf("behind too many, %+v was found", p)
	}
	left := 1
	if hasOpen(os.Getpid(), "socket:[0]", &left); left > 0 {
		t.Errorf("%d files are left to look at", left)
	}
	for pid := range 3 * maxRecent {
		s.found(pid)
	}
	if len(s.recent) != maxRecent || s.recent[0] != 3*maxRecent-1 {
		t.Errorf("recent: %d", s.recent)
	}
}

// TestDiagAnswer takes answers that are none.
func TestDiagAnswer(t *testing.T) {
	for _, b := range [][]byte{nil, make([]byte, diagHead), make([]byte, diagInode+3), make([]byte, 4096)} {
		if inode, uid := diagAnswer(b); inode != 0 || uid != 0 {
			t.Errorf("%d bytes: %d, %d", len(b), inode, uid)
		}
	}
}

// BenchmarkSeek is what it takes to name the client of a new connection.
func BenchmarkSeek(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	here, there := c.LocalAddr().(*net.TCPAddr), c.RemoteAddr().(*net.TCPAddr)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			ownerOf(here, there, nil)
		}
	})
	b.Run("recent", func(b *testing.B) {
		recent := []int{os.Getpid()}
		for b.Loop() {
			ownerOf(here, there, recent)
		}
	})
	b.Run("nobody", func(b *testing.B) {
		for b.Loop() {
			ownerOf(&net.TCPAddr{IP: here.IP, Port: 1}, there, nil)
		}
	})
}
