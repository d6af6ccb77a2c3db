package intercept

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
)

// newCrowd starts clients of the socket at path, whose daemon sends back what it gets:
// they connect about a thousand times a second, and check every byte of what comes back.
func newCrowd(t *testing.T, path string) *testpeer.Crowd {
	t.Helper()
	return testpeer.NewCrowd(t, 6, 4*time.Millisecond, func(n int) func() error {
		says := bytes.Repeat(fmt.Appendf(nil, "client %d ", n), 1+n*n*40)
		return func() error { return tellAndHear(path, says) }
	})
}

// tellAndHear says something to an echo, and hears all of it.
func tellAndHear(path string, says []byte) error {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write(says); err != nil {
		return err
	}
	conn.(half).CloseWrite()
	heard, err := io.ReadAll(conn)
	if err == nil && !bytes.Equal(heard, says) {
		err = fmt.Errorf("%d bytes of %d came back", len(heard), len(says))
	}
	return err
}

// echoDaemon listens at path, with some mode, and sends back what it gets.
func echoDaemon(t *testing.T, path string) *net.UnixListener {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o660); err != nil {
		t.Fatal(err)
	}
	testpeer.Serve(t, l, patiently(echo))
	return l
}

// standIn is a proxy in the place of a daemon.
type standIn struct {
	t     *testing.T
	l     *InPlace
	proxy *Proxy
	done  chan struct{}
	mu    sync.Mutex
	says  []string
}

func standInFor(t *testing.T, path string) *standIn {
	t.Helper()
	s := &standIn{t: t, done: make(chan struct{})}
	l, err := OpenInPlace(path, InPlaceOptions{Warn: s.warn})
	if err != nil {
		t.Fatal(err)
	}
	s.l, s.proxy = l, &Proxy{Listener: l, Upstream: l.Upstream()}
	go func() {
		defer close(s.done)
		if err := s.proxy.Serve(context.Background()); err != nil {
			t.Errorf("Serve: %v", err)
		}
	}()
	t.Cleanup(s.end)
	return s
}

func (s *standIn) warn(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says = append(s.says, err.Error())
}

// said waits until it has said something that ends so.
func (s *standIn) said(what string) {
	s.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		all := append([]string(nil), s.says...)
		s.mu.Unlock()
		for _, line := range all {
			if len(line) >= len(what) && line[len(line)-len(what):] == what {
				s.mu.Lock()
				s.says = nil
				s.mu.Unlock()
				return
			}
		}
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain for %q in %q", what, all)
		}
	}
}

// end gives the place back, and waits until who had come was served.
func (s *standIn) end() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.l.Close(); err != nil {
		s.t.Error(err)
	}
	s.proxy.Drain(ctx)
	if ctx.Err() != nil {
		s.t.Error("connections did not end")
	}
}

// noneLeft checks that nothing is beside a socket.
func noneLeft(t *testing.T, path string) {
	t.Helper()
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if n.Name() != filepath.Base(path) {
			t.Errorf("left: %s", n.Name())
		}
	}
}

// sameSocket checks that the socket at path is the one that was there before, and as
// open as it was.
func sameSocket(t *testing.T, path string) (check func()) {
	t.Helper()
	id, access := socketOf(t, path)
	return func() {
		t.Helper()
		if i, a := socketOf(t, path); i != id || a != access {
			t.Errorf("%s: %v %+v; was %v %+v", path, i, a, id, access)
		}
	}
}

func socketOf(t *testing.T, path string) (fileID, access) {
	t.Helper()
	id, err1 := socketAt(path)
	a, err2 := accessOf(path)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return id, a
}
