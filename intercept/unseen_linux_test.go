package intercept

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/wire"
)

// skimmer is a tap that, once a direction has begun, need not see it before a place.
type skimmer struct {
	recorder
	t      testing.TB
	until  [2]int64 // by direction: that place
	seen   [2]int64 // bytes shown
	passed [2]int64 // and those that were not
	asked  int
	fickle bool // it says every other time that it must see everything
}

func (s *skimmer) Passes(d wire.Dir) int64 {
	s.asked++
	if s.seen[d] == 0 || s.fickle && s.asked%2 == 0 {
		return 0
	}
	return max(s.until[d]-s.seen[d]-s.passed[d], 0)
}

func (s *skimmer) Chunk(c wire.Chunk) {
	if left := s.until[c.Dir] - s.seen[c.Dir] - s.passed[c.Dir]; c.Passed > 0 && (c.Passed > pipeSize || int64(c.Passed) > left || len(c.Data) > 0) {
		s.t.Errorf("%v: %d bytes passed with %d shown, of %d that need not be", c.Dir, c.Passed, len(c.Data), left)
	}
	s.seen[c.Dir] += int64(len(c.Data))
	s.passed[c.Dir] += int64(c.Passed)
	s.recorder.Chunk(c)
}

// check compares what the tap saw of a direction with what went by.
func (s *skimmer) check(d wire.Dir, all []byte) {
	s.t.Helper()
	at := 0
	for _, c := range s.chunks {
		if c.Dir != d {
			continue
		}
		if at += c.Passed; at+len(c.Data) > len(all) || !bytes.Equal(c.Data, all[at:at+len(c.Data)]) {
			s.t.Fatalf("%v: the tap saw something else at %d", d, at)
		}
		at += len(c.Data)
	}
	if at != len(all) {
		s.t.Errorf("%v: the tap knows of %d bytes, want %d", d, at, len(all))
	}
}

// skimming has the connections of a proxy have a skimmer each, made by one.
func skimming(t testing.TB, one skimmer) (set func(*Proxy), taps chan *skimmer) {
	taps = make(chan *skimmer, 10_000)
	return func(p *Proxy) {
		p.Tap = func(c *wire.Conn) wire.Tap {
			s := one
			s.t, s.recorder = t, recorder{conn: c, ended: make(chan struct{})}
			taps <- &s
			return &s
		}
	}, taps
}

// skimmed returns the next of them, after its end.
func (r *rig) skimmed(taps chan *skimmer) *skimmer {
	r.t.Helper()
	s := <-taps
	r.wait(s.ended, "the tap saw no end")
	return s
}

// onSockets runs a test for each kind of client and daemon that need no copy.
func onSockets(t *testing.T, test func(t *testing.T, front, back string)) {
	for _, front := range []string{unixSocket, tcpSocket} {
		for _, back := range []string{unixSocket, tcpSocket} {
			t.Run(front+"-"+back, func(t *testing.T) { test(t, front, back) })
		}
	}
}

const bulk = 3 << 20

// TestUnseenIsByteExact passes most of both directions on unseen, at once, with something
// behind it that is seen.
func TestUnseenIsByteExact(t *testing.T) {
	onSockets(t, func(t *testing.T, front, back string) {
		up, down := randomBytes(bulk+100_017), randomBytes(bulk+5)
		set, taps := skimming(t, skimmer{until: [2]int64{bulk, bulk}})
		got := make(chan []byte, 1)
		r := newRig(t, front, back, func(c net.Conn) {
			var w sync.WaitGroup
			w.Go(func() { writeInPieces(t, c.(half), down) })
			b, _ := io.ReadAll(c)
			w.Wait()
			got <- b
		}, set)
		c := r.dial()
		var w sync.WaitGroup
		w.Go(func() { writeInPieces(t, c, up) })
		answer, err := io.ReadAll(c)
		w.Wait()
		if err != nil || !bytes.Equal(answer, down) {
			t.Errorf("client got %d bytes, %v; want %d", len(answer), err, len(down))
		}
		if b := <-got; !bytes.Equal(b, up) {
			t.Errorf("daemon got %d bytes; want %d", len(b), len(up))
		}
		s := r.skimmed(taps)
		s.check(wire.ToServer, up)
		s.check(wire.ToClient, down)
		if s.err != nil || eofs(&s.recorder) != [2]int{1, 1} {
			t.Errorf("end: %v, of %v directions", s.err, eofs(&s.recorder))
		}
		if s.passed[wire.ToServer] < bulk/2 || s.passed[wire.ToClient] < bulk/2 {
			t.Errorf("only %v bytes were not shown", s.passed)
		}
	})
}

// TestUnseenIsNotDelayed sends pieces of which each goes on only when the one before it has
// come: what has come is never kept until there is more.
func TestUnseenIsNotDelayed(t *testing.T) {
	onSockets(t, func(t *testing.T, front, back string) {
		set, taps := skimming(t, skimmer{until: [2]int64{bulk, bulk}})
		r := newRig(t, front, back, echo, set)
		c := r.dial()
		all := randomBytes(4*smallBuffer + 20*1000)
		for sent, n := 0, 4*smallBuffer; sent < len(all); sent, n = sent+n, 1000 {
			write(t, c, string(all[sent:sent+n]))
			read(t, c, string(all[sent:sent+n]))
		}
		c.CloseWrite()
		readEOF(t, c)
		s := r.skimmed(taps)
		s.check(wire.ToServer, all)
		s.check(wire.ToClient, all)
		if s.passed[wire.ToServer] == 0 || s.passed[wire.ToClient] == 0 {
			t.Errorf("%v bytes were not shown", s.passed)
		}
	})
}

// TestUnseenWantedAfterAll has the tap change its mind when bytes have been read: it gets
// them, in their place.
func TestUnseenWantedAfterAll(t *testing.T) {
	onSockets(t, func(t *testing.T, front, back string) {
		set, taps := skimming(t, skimmer{until: [2]int64{bulk, bulk}, fickle: true})
		down := randomBytes(bulk)
		r := newRig(t, front, back, func(c net.Conn) { c.Write(down) }, set)
		c := r.dial()
		got, err := io.ReadAll(c)
		c.Close()
		if err != nil || !bytes.Equal(got, down) {
			t.Errorf("client got %d bytes, %v", len(got), err)
		}
		s := r.skimmed(taps)
		s.check(wire.ToClient, down)
		if s.passed[wire.ToClient] != 0 || s.asked < 2 {
			t.Errorf("%d bytes were not shown, asked %d times", s.passed[wire.ToClient], s.asked)
		}
	})
}

// TestUnseenHalfClose ends a direction before its time: the other goes on.
func TestUnseenHalfClose(t *testing.T) {
	onSockets(t, func(t *testing.T, front, back string) {
		set, taps := skimming(t, skimmer{until: [2]int64{1 << 40, 1 << 40}})
		up := randomBytes(bulk)
		r := newRig(t, front, back, func(c net.Conn) {
			b, _ := io.ReadAll(c)
			fmt.Fprintf(c, "got %d", len(b))
		}, set)
		c := r.dial()
		write(t, c, string(up))
		c.CloseWrite()
		read(t, c, fmt.Sprintf("got %d", bulk))
		readEOF(t, c)
		s := r.skimmed(taps)
		s.check(wire.ToServer, up)
		if s.err != nil || eofs(&s.recorder) != [2]int{1, 1} || s.passed[wire.ToServer] == 0 {
			t.Errorf("end: %v, of %v directions, %v bytes not shown", s.err, eofs(&s.recorder), s.passed)
		}
	})
}

// TestUnseenBroken breaks a connection off in the middle, at either end: it ends as one does
// whose tap sees it all.
func TestUnseenBroken(t *testing.T) {
	breaks := map[string]struct{ client, daemon func(net.Conn) }{
		"the daemon resets": {
			func(c net.Conn) {
				io.CopyN(io.Discard, onlyReader{c}, bulk/2)
				io.WriteString(c, "go!")
				io.Copy(io.Discard, onlyReader{c})
			},
			func(c net.Conn) {
				c.Write(make([]byte, bulk))
				io.ReadFull(c, make([]byte, len("go")))
				reset(c)
			},
		},
		"the client leaves": {
			func(c net.Conn) { io.CopyN(io.Discard, onlyReader{c}, bulk/2); reset(c) },
			func(c net.Conn) { io.Copy(onlyWriter{c}, zeros{}) },
		},
	}
	for name, b := range breaks {
		t.Run(name, func(t *testing.T) {
			onSockets(t, func(t *testing.T, front, back string) {
				play := func(set ...func(*Proxy)) *rig {
					r := newRig(t, front, back, b.daemon, set...)
					c := r.dial()
					b.client(c)
					return r
				}
				want := play().ended()
				set, taps := skimming(t, skimmer{until: [2]int64{1 << 40, 1 << 40}})
				s := play(set).skimmed(taps)
				var got, seen *wire.PeerError // how it shows first, reading or writing, is chance
				if !errors.As(s.err, &got) || !errors.As(want.err, &seen) || got.Dir != seen.Dir {
					t.Errorf("it ended by %v, want %v", s.err, want.err)
				}
				if s.passed[wire.ToClient] == 0 {
					t.Error("all was shown")
				}
			})
		})
	}
}

// reset closes a connection such that its peer, if that can be told, sees a reset: what
// came is not read.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

// zeros is a reader without an end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// TestUnseenLeavesNothing has more bodies at once than there may be pipes, some of which
// are not read, and some never are: when they are over, no pipe is left.
func TestUnseenLeavesNothing(t *testing.T) {
	uncollected(t)
	const conns = maxPipes + 10
	onSockets(t, func(t *testing.T, front, back string) {
		known := held(t, nil, "pipe:")
		set, taps := skimming(t, skimmer{until: [2]int64{1 << 40, 1 << 40}})
		body := make([]byte, 512<<10)
		r := newRig(t, front, back, func(c net.Conn) { c.Write(body) }, set)
		all := make([]half, conns)
		for i := range all {
			all[i] = r.dial()
		}
		var w sync.WaitGroup
		for i, c := range all {
			w.Go(func() {
				defer c.Close()
				if i%3 == 0 {
					io.CopyN(io.Discard, onlyReader{c}, 1000)
				} else if n, err := io.Copy(io.Discard, onlyReader{c}); n != int64(len(body)) || err != nil {
					t.Errorf("%d bytes, %v", n, err)
				}
			})
		}
		w.Wait()
		var passed int64
		for range conns {
			passed += r.skimmed(taps).passed[wire.ToClient]
		}
		r.proxy.Drain(context.Background())
		// The one place was for who would have come next.
		if left := held(t, known, "pipe:"); len(left) > 0 || r.proxy.pipes.used.Load() != 0 || len(r.proxy.pipes.room.taken) != 1 {
			t.Errorf("left: %v, %d pipes, %d places", left, r.proxy.pipes.used.Load(), len(r.proxy.pipes.room.taken))
		}
		if passed == 0 {
			t.Error("all was shown")
		}
	})
}

// TestUnseenTakesTurns: pipes leave half of the places to connections.
func TestUnseenTakesTurns(t *testing.T) {
	r := &room{taken: make(chan struct{}, 4)}
	for i, want := range []bool{true, true, false} {
		if r.borrow() != want {
			t.Errorf("of four places, %d may be borrowed: %t, want two", i+1, !want)
		}
	}
	r.leave()
	r.taken <- struct{}{} // a connection
	if r.borrow() {
		t.Error("borrowed beside a connection")
	}
}

// TestUnseenCommand: what is no socket is copied.
func TestUnseenCommand(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if p := new(pipes).open(a, b); p != nil {
		p.close()
		t.Error("it has a pipe")
	}
}

// sockets returns the ends of a connection.
func sockets(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("unix", freeAddr(t, unixSocket).Address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if a, err = net.Dial("unix", l.Addr().String()); err == nil {
		b, err = l.Accept()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

// TestPipesBounded: there are so many at once, and no more.
func TestPipesBounded(t *testing.T) {
	a, b := sockets(t)
	var all pipes
	for i := range maxPipes + 1 {
		p := all.open(a, b)
		if (p != nil) != (i < maxPipes) {
			t.Fatalf("pipe %d: %t", i, p != nil)
		}
		if p != nil {
			defer p.close()
		}
	}
}

// TestPipeRefused has the kernel refuse to splice to something, and from something:
// nothing is lost, and nobody tries again.
func TestPipeRefused(t *testing.T) {
	uncollected(t)
	known := held(t, nil, "pipe:")
	open := func(all *pipes) (p *pipe, from net.Conn) {
		from, in := sockets(t)
		_, out := sockets(t)
		if p = all.open(in, out); p == nil {
			t.Fatal("no pipe")
		}
		return p, from
	}

	var all pipes
	p, from := open(&all)
	name := tempDir(t) + "/appended"
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) // splice(2): EINVAL
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if p.out, err = f.SyscallConn(); err != nil {
		t.Fatal(err)
	}
	p.dst = f
	want := randomBytes(50_000)
	write(t, from, string(want))
	if err := p.fill(1 << 20); err != nil || p.held != len(want) {
		t.Fatalf("filled with %d bytes, %v", p.held, err)
	}
	if err := p.drain(make([]byte, smallBuffer)); err != nil || p.held != 0 {
		t.Errorf("%d bytes left, %v", p.held, err)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes came, %v", len(got), err)
	}
	p.close()
	if !all.refused.Load() {
		t.Error("the next would try again")
	}

	all = pipes{}
	p, _ = open(&all)
	fd, err := unix.Eventfd(1, unix.EFD_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	e := os.NewFile(uintptr(fd), "event")
	defer e.Close()
	if p.in, err = e.SyscallConn(); err != nil {
		t.Fatal(err)
	}
	if err := p.fill(1 << 20); err != nil || p.held != 0 || !all.refused.Load() {
		t.Errorf("filled with %d bytes, %v", p.held, err)
	}
	p.close()
	if left := held(t, known, "pipe:"); len(left) > 0 || all.used.Load() != 0 {
		t.Errorf("left: %v, %d", left, all.used.Load())
	}
}
