package intercept

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

func TestConnIsDescribed(t *testing.T) {
	r := newRig(t, tcpSocket, tcpSocket, echo)
	for id := 1; id <= 2; id++ {
		before := time.Now()
		c := r.dial()
		_, _ = io.WriteString(c, "x")
		if _, err := io.ReadFull(c, make([]byte, 1)); err != nil { // it is known by now who asks
			t.Fatal(err)
		}
		c.Close()
		conn := r.ended().conn
		if p := conn.Client.Process; canSeek && (p == nil || p.PID != os.Getpid()) || !canSeek && p != nil {
			t.Errorf("the client is %+v", p)
		}
		conn.Client.Process = nil
		want := wire.Conn{
			ID:     id,
			Start:  conn.Start,
			Client: wire.Peer{Addr: "tcp://" + c.LocalAddr().String()},
			Server: wire.Peer{Addr: r.proxy.Upstream.Addr.String()},
		}
		if *conn != want || conn.Start.Before(before) {
			t.Errorf("got %+v; want %+v", *conn, want)
		}
	}
}

func TestUpstreamIsDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	up := Upstream{Addr: Addr{"tcp", l.Addr().String()}}
	l.Close()
	r := newRigTo(t, unixSocket, up)
	want := "upstream " + up.Addr.String() + ": connection refused"
	for range 3 {
		c := r.dial()
		readEOF(t, c)
		rec := r.ended()
		if rec.err == nil || rec.err.Error() != want {
			t.Errorf("end: %v; want %s", rec.err, want)
		}
		if len(rec.chunks) > 0 || rec.conn.Server.Process != nil {
			t.Error("the tap was told of a daemon that is not there")
		}
	}
	if w := r.warned(); len(w) != 1 || w[0] != want {
		t.Errorf("warnings: %q; want one", w)
	}
}

// TestWarnings gives each text once, however they come, and no more than are
// remembered.
func TestWarnings(t *testing.T) {
	var told []string
	p := &Proxy{Warn: func(err error) { told = append(told, err.Error()) }}
	for _, text := range []string{"a", "b", "a", "b", "c", "a"} {
		p.warn(errors.New(text))
	}
	if got := strings.Join(told, " "); got != "a b c" {
		t.Errorf("told of %s", got)
	}
	for n := range 2000 {
		p.warn(fmt.Errorf("made up %d", n))
	}
	if len(told) != 1000 {
		t.Errorf("told of %d texts", len(told))
	}
	p.Warn = nil
	p.warn(errors.New("told to nobody"))
}

// TestPauses tries again while it is to, and ends with its context.
func TestPauses(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	for _, want := range []int{1, 2, 4} {
		tries := 0
		pauses(ctx, func() bool { tries++; return tries < want })
		if tries != want {
			t.Errorf("tried %d times, want %d", tries, want)
		}
	}
	tries := 0
	pauses(ctx, func() bool { tries++; stop(); return true })
	if tries != 1 {
		t.Errorf("tried %d times behind the end", tries)
	}
}

// TestShort knows what is short for now from what is broken.
func TestShort(t *testing.T) {
	for _, test := range []struct {
		err   error
		again bool
	}{
		{syscall.EMFILE, true}, {syscall.ENFILE, true}, {syscall.ENOBUFS, true}, {syscall.ENOMEM, true},
		{syscall.ECONNREFUSED, false}, {syscall.EAGAIN, false}, {syscall.ETIMEDOUT, false},
	} {
		err := fmt.Errorf("upstream: %w", &net.OpError{Op: "dial", Err: test.err})
		if got := isShort(err); got != test.again {
			t.Errorf("%v: short: %t", test.err, got)
		}
	}
	for _, err := range []error{syscall.EMFILE, syscall.ECONNABORTED, syscall.EAGAIN} {
		if !passing(fmt.Errorf("accept: %w", err)) {
			t.Errorf("%v may not come again", err)
		}
	}
	if passing(io.ErrUnexpectedEOF) || passing(syscall.EINVAL) {
		t.Error("what is broken stays so")
	}
}

func TestUnknownCertificateIsRefused(t *testing.T) {
	up := daemon(t, tlsSocket, echo)
	up.TLS.RootCAs = nil
	r := newRigTo(t, unixSocket, up)
	readEOF(t, r.dial())
	if rec := r.ended(); rec.err == nil || !strings.Contains(rec.err.Error(), "certificate") {
		t.Errorf("end: %v", rec.err)
	}
}

// faultyTap panics where it is told to.
type faultyTap struct {
	on    string
	calls int
}

func (f *faultyTap) Chunk(wire.Chunk) {
	f.calls++
	if f.on == "chunk" {
		panic("out of cheese")
	}
}

func (f *faultyTap) End(time.Time, error) {
	f.calls++
	if f.on == "end" {
		panic("out of cheese")
	}
}

func TestTapPanics(t *testing.T) {
	for on, calls := range map[string]int{"new": 0, "chunk": 1, "end": 5} {
		t.Run(on, func(t *testing.T) {
			tap := &faultyTap{on: on}
			var first sync.Once
			r := newRig(t, unixSocket, unixSocket, echo, func(p *Proxy) {
				sound := p.Tap
				p.Tap = func(c *wire.Conn) (chosen wire.Tap) {
					chosen = tap
					if c.ID > 1 {
						return sound(c)
					}
					first.Do(func() {
						if on == "new" {
							panic("out of cheese")
						}
					})
					return chosen
				}
			})
			c, other := r.dial(), r.dial()
			write(t, c, "hello")
			read(t, c, "hello")
			write(t, other, "others live")
			read(t, other, "others live")
			c.CloseWrite()
			readEOF(t, c)
			other.Close()
			rec := r.ended()
			if string(rec.bytes(wire.ToServer)) != "others live" {
				t.Errorf("the sound tap saw %q", rec.bytes(wire.ToServer))
			}
			r.stop()
			r.wait(r.done, "Serve did not return")
			if tap.calls != calls {
				t.Errorf("%d calls of the tap; want %d", tap.calls, calls)
			}
			const want = "connection 1 is not traced any further: panic: out of cheese"
			if w := r.warned(); len(w) != 1 || w[0] != want {
				t.Errorf("warnings: %q", w)
			}
		})
	}
}

func TestServeLeavesNothingBehind(t *testing.T) {
	up := daemon(t, unixSocket, echo)
	before := ours()
	r := newRigTo(t, unixSocket, up)
	idle, halfClosed := r.dial(), r.dial()
	for _, c := range []half{idle, halfClosed} {
		write(t, c, "hello")
		read(t, c, "hello")
	}
	stuck := r.dial() // its writer is blocked
	go stuck.Write(make([]byte, 64<<20))
	time.Sleep(50 * time.Millisecond)
	r.stop()
	r.wait(r.done, "Serve did not return")
	for range 3 {
		if rec := r.ended(); rec.err != wire.ErrStopped {
			t.Errorf("end: %v; want %v", rec.err, wire.ErrStopped)
		}
	}
	for end := time.Now().Add(patience); ours() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			b := make([]byte, 1<<20)
			t.Fatalf("goroutines are left:\n%s", b[:runtime.Stack(b, true)])
		}
	}
	if _, err := net.Dial("unix", r.addr.Address); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("dial: %v; want no such file", err)
	}
}

// ours counts the goroutines that run methods of this package's types.
func ours() int {
	b := make([]byte, 1<<20)
	stacks := string(b[:runtime.Stack(b, true)])
	return strings.Count(stacks, "intercept.(*link)") + strings.Count(stacks, "intercept.(*Proxy)") +
		strings.Count(stacks, "intercept.(*commandConn)")
}

func TestDrain(t *testing.T) {
	r := newRig(t, unixSocket, unixSocket, echo)
	c := r.dial()
	write(t, c, "before")
	read(t, c, "before")
	drained := make(chan struct{})
	go func() { defer close(drained); r.proxy.Drain(context.Background()) }()
	for { // until it no longer accepts
		late, err := net.Dial("unix", r.addr.Address)
		if err != nil {
			break
		}
		late.Close()
	}
	write(t, c, "during")
	read(t, c, "during")
	c.Close()
	r.wait(drained, "Drain did not return after the last connection's end")
	r.wait(r.done, "Serve did not return")
}

func TestDrainGivesUp(t *testing.T) {
	r := newRig(t, unixSocket, unixSocket, echo)
	c := r.dial()
	write(t, c, "events")
	read(t, c, "events")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r.proxy.Drain(ctx)
	readEOF(t, c)
	if rec := r.ended(); rec.err != wire.ErrStopped {
		t.Errorf("end: %v; want %v", rec.err, wire.ErrStopped)
	}
}

// shortListener is out of descriptors for some time, and breaks in the end.
type shortListener struct {
	net.Listener
	mu   sync.Mutex
	errs []error
}

func (l *shortListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.errs) == 0 {
		return l.Listener.Accept()
	}
	err := l.errs[0]
	l.errs = l.errs[1:]
	return nil, err
}

func TestAcceptErrors(t *testing.T) {
	short := &net.OpError{Op: "accept", Net: "unix", Err: syscall.EMFILE}
	r := newRig(t, unixSocket, unixSocket, echo, func(p *Proxy) {
		p.Listener = &shortListener{Listener: p.Listener, errs: []error{short, short, short}}
	})
	c := r.dial()
	write(t, c, "hello")
	read(t, c, "hello")
	if w := r.warned(); len(w) != 1 || w[0] != "accept: too many open files" {
		t.Errorf("warnings: %q", w)
	}
}

func TestBrokenListenerEndsServe(t *testing.T) {
	l, err := Listen(freeAddr(t, unixSocket), ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var told []error
	p := &Proxy{Listener: &shortListener{Listener: l, errs: []error{io.ErrUnexpectedEOF}}, Warn: func(err error) { told = append(told, err) }}
	err = p.Serve(context.Background())
	if !errors.Is(err, io.ErrUnexpectedEOF) || err.Error() != "accept: unexpected EOF" {
		t.Errorf("Serve: %v", err)
	}
	if len(told) != 1 || told[0] != err {
		t.Errorf("warnings: %v", told)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is left open: %v", err)
	}
}

// waitingTap is a tap that takes its time.
type waitingTap struct {
	called chan struct{} // gets one for each chunk with data
	goOn   chan struct{}
}

func (w waitingTap) Chunk(c wire.Chunk) {
	if len(c.Data) > 0 {
		w.called <- struct{}{}
		<-w.goOn
	}
}

func (waitingTap) End(time.Time, error) {}

func TestTapFirst(t *testing.T) {
	tap := waitingTap{make(chan struct{}, 2), make(chan struct{})}
	got := make(chan string, 1)
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
		b := make([]byte, 8)
		n, _ := c.Read(b)
		got <- string(b[:n])
	}, func(p *Proxy) {
		p.TapFirst = true
		p.Tap = func(*wire.Conn) wire.Tap { return tap }
	})
	write(t, r.dial(), "hello")
	r.wait(tap.called, "the tap saw nothing")
	select {
	case s := <-got:
		t.Errorf("%q was forwarded before the tap had seen it", s)
	case <-time.After(50 * time.Millisecond):
	}
	close(tap.goOn)
	select {
	case s := <-got:
		if s != "hello" {
			t.Errorf("the daemon got %q", s)
		}
	case <-time.After(patience):
		t.Error("nothing was forwarded")
	}
}
