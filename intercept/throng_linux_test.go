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
	"sync/atomic"
	"testing"
	"time"
)

// throng is clients that connect to one socket all the time, about a thousand times a
// second, and check every byte of what comes back.
type throng struct {
	t     *testing.T
	path  string
	stop  chan struct{}
	all   sync.WaitGroup
	done  atomic.Int64 // connections that came to their end
	gaps  atomic.Int64 // odd: nobody listens, and connecting may fail
	fails chan error
}

// newThrong starts the clients of the socket at path, whose daemon sends back what it
// gets.
func newThrong(t *testing.T, path string) *throng {
	t.Helper()
	c := &throng{t: t, path: path, stop: make(chan struct{}), fails: make(chan error, 100)}
	const clients, pause = 6, 4 * time.Millisecond
	for n := range clients {
		c.all.Go(func() {
			says := bytes.Repeat(fmt.Appendf(nil, "client %d ", n), 1+n*n*40)
			for {
				select {
				case <-c.stop:
					return
				case <-time.After(pause):
				}
				c.once(says)
			}
		})
	}
	t.Cleanup(c.end)
	return c
}

// once is one connection.
func (c *throng) once(says []byte) {
	before := c.gaps.Load()
	err := tellAndHear(c.path, says)
	if err == nil {
		c.done.Add(1)
	} else if before%2 == 0 && c.gaps.Load() == before {
		select {
		case c.fails <- err:
		default:
		}
	}
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

// more waits for some more connections.
func (c *throng) more() {
	c.t.Helper()
	const some = 200
	for want, end := c.done.Load()+some, time.Now().Add(patience); c.done.Load() < want; time.Sleep(time.Millisecond) {
		select {
		case err := <-c.fails:
			c.t.Errorf("a client: %v", err)
		default:
		}
		if time.Now().After(end) {
			c.t.Fatal("no client gets through")
		}
	}
}

// gap begins or ends a time in which connecting may fail.
func (c *throng) gap() { c.gaps.Add(1) }

// end ends the clients, and has the test fail if one of them did.
func (c *throng) end() {
	select {
	case <-c.stop:
		return
	default:
	}
	close(c.stop)
	c.all.Wait()
	close(c.fails)
	for err := range c.fails {
		c.t.Errorf("a client: %v", err)
	}
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
	t.Cleanup(func() { l.Close() })
	go serveEcho(l)
	return l
}

func serveEcho(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			c.SetDeadline(time.Now().Add(2 * patience))
			echo(c)
		}()
	}
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
