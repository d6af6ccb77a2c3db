package intercept

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// onPairs runs a test for each kind of client and daemon.
func onPairs(t *testing.T, test func(t *testing.T, front, back string)) {
	for _, front := range []string{unixSocket, tcpSocket, tlsSocket} {
		for _, back := range []string{unixSocket, tcpSocket, tlsSocket} {
			t.Run(front+"-"+back, func(t *testing.T) {
				t.Parallel()
				test(t, front, back)
			})
		}
	}
}

func TestRelayIsByteExact(t *testing.T) {
	onPairs(t, func(t *testing.T, front, back string) {
		up, down := randomBytes(3<<20+17), randomBytes(2<<20+5)
		got := make(chan []byte, 1)
		r := newRig(t, front, back, func(c net.Conn) {
			var w sync.WaitGroup
			w.Go(func() { writeInPieces(t, c.(half), down) })
			b, _ := io.ReadAll(c)
			w.Wait()
			got <- b
		})
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
		rec := r.ended()
		if rec.err != nil {
			t.Errorf("end: %v", rec.err)
		}
		if !bytes.Equal(rec.bytes(wire.ToServer), up) || !bytes.Equal(rec.bytes(wire.ToClient), down) {
			t.Error("the tap saw something else")
		}
		if eof := eofs(rec); eof != [2]int{1, 1} {
			t.Errorf("ends seen by the tap: %v", eof)
		}
	})
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// writeInPieces writes pieces of one byte to some 100 KB, then half-closes.
func writeInPieces(t *testing.T, c half, b []byte) {
	for len(b) > 0 {
		n := min(len(b), 1<<mrand.IntN(18)-mrand.IntN(2)+1)
		if _, err := c.Write(b[:n]); err != nil {
			t.Errorf("write: %v", err)
			return
		}
		b = b[n:]
	}
	c.CloseWrite()
}

func eofs(r *recorder) (n [2]int) {
	for _, c := range r.chunks {
		if c.EOF {
			n[c.Dir]++
		}
	}
	return n
}

// The case that breaks most interposers: "docker exec" half-closes at once,
// and the daemon answers later.
func TestLateAnswerAfterHalfClose(t *testing.T) {
	onPairs(t, func(t *testing.T, front, back string) {
		r := newRig(t, front, back, func(c net.Conn) {
			b, _ := io.ReadAll(c)
			time.Sleep(time.Second)
			fmt.Fprintf(c, "late answer to %q", b)
		})
		c := r.dial()
		write(t, c, "POST")
		c.CloseWrite()
		read(t, c, `late answer to "POST"`)
		readEOF(t, c)
		if rec := r.ended(); rec.err != nil {
			t.Errorf("end: %v", rec.err)
		}
	})
}

// The other way round: the daemon half-closes first.
func TestClientGoesOnAfterServerHalfClose(t *testing.T) {
	onPairs(t, func(t *testing.T, front, back string) {
		got := make(chan string, 1)
		r := newRig(t, front, back, func(c net.Conn) {
			io.WriteString(c, "no more from me")
			c.(half).CloseWrite()
			b, _ := io.ReadAll(c)
			got <- string(b)
		})
		c := r.dial()
		read(t, c, "no more from me")
		readEOF(t, c)
		time.Sleep(50 * time.Millisecond)
		write(t, c, "but from me")
		c.CloseWrite()
		if b := <-got; b != "but from me" {
			t.Errorf("daemon got %q", b)
		}
	})
}

func TestOneByteAtATime(t *testing.T) {
	onPairs(t, func(t *testing.T, front, back string) {
		r := newRig(t, front, back, echo)
		c := r.dial()
		for i := range 500 {
			write(t, c, string(rune('a'+i%26)))
			read(t, c, string(rune('a'+i%26)))
		}
		c.Close()
		rec := r.ended()
		if n := len(rec.chunks); n < 1000 {
			t.Errorf("the tap saw %d chunks; want one a byte", n)
		}
	})
}

func TestDaemonDiesMidStream(t *testing.T) {
	onPairs(t, func(t *testing.T, front, back string) {
		long := strings.Repeat("x", 100_000)
		r := newRig(t, front, back, func(c net.Conn) {
			read(t, c, "GET")
			io.WriteString(c, long)
		})
		c := r.dial()
		write(t, c, "GET")
		time.Sleep(20 * time.Millisecond) // the daemon is gone before the client reads
		read(t, c, long)
		readEOF(t, c)
		c.Close()
		r.ended()
	})
}

// A daemon that refuses an upload answers and closes without reading it all.
func TestAnswerBeforeUploadIsRead(t *testing.T) {
	onPairs(t, func(t *testing.T, front, back string) {
		r := newRig(t, front, back, func(c net.Conn) {
			io.ReadFull(c, make([]byte, 100))
			io.WriteString(c, "413 too large")
			// What net/http does too: a reset at once could overtake the answer.
			c.(half).CloseWrite()
			time.Sleep(200 * time.Millisecond)
		})
		c := r.dial()
		var w sync.WaitGroup
		w.Go(func() {
			for range 1000 {
				if _, err := c.Write(make([]byte, 64<<10)); err != nil {
					return // refused, as it should be
				}
			}
			t.Error("the daemon is gone, and the client could send 64 MB")
		})
		read(t, c, "413 too large")
		w.Wait()
		r.ended()
	})
}

func TestSlowReaderStallsTheWriter(t *testing.T) {
	const size = 64 << 20
	var sent atomic.Int64
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
		piece := make([]byte, 64<<10)
		for range size / len(piece) {
			n, _ := c.Write(piece)
			sent.Add(int64(n))
		}
	}, untapped)
	c := r.dial()
	var before int64 = -1
	for sent.Load() != before || before == 0 { // until it has stalled
		before = sent.Load()
		time.Sleep(200 * time.Millisecond)
	}
	if before > 8<<20 {
		t.Errorf("%d bytes left the daemon that nobody has read", before)
	}
	if n, err := io.Copy(io.Discard, c); n != size || err != nil {
		t.Errorf("client got %d bytes, %v; want %d", n, err, size)
	}
}

func TestIdleConnectionStays(t *testing.T) {
	r := newRig(t, unixSocket, tcpSocket, echo)
	c := r.dial()
	for range 3 {
		time.Sleep(700 * time.Millisecond)
		write(t, c, "still here")
		read(t, c, "still here")
	}
}

func TestResetIsRelayed(t *testing.T) {
	t.Run("from-client", func(t *testing.T) {
		got := make(chan error, 1)
		r := newRig(t, tcpSocket, tcpSocket, func(c net.Conn) {
			read(t, c, "hello")
			io.WriteString(c, "hi")
			_, err := c.Read(make([]byte, 1))
			got <- err
		})
		c := r.dial()
		write(t, c, "hello")
		read(t, c, "hi")
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
		if err := <-got; !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("daemon got %v; want a reset", err)
		}
		if rec := r.ended(); rec.err == nil || rec.err.Error() != "client: connection reset by peer" {
			t.Errorf("end: %v", rec.err)
		}
	})
	t.Run("from-daemon", func(t *testing.T) {
		long := strings.Repeat("x", 3<<20) // more than the buffers between hold unread
		r := newRig(t, tcpSocket, tcpSocket, func(c net.Conn) {
			io.WriteString(c, long)
			read(t, c, "reset now")
			c.(*net.TCPConn).SetLinger(0)
		})
		c := r.dial()
		read(t, c, long)
		write(t, c, "reset now")
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("client got %v; want a reset", err)
		}
		if rec := r.ended(); !errors.Is(rec.err, syscall.ECONNRESET) || !strings.HasPrefix(rec.err.Error(), "upstream tcp://") {
			t.Errorf("end: %v", rec.err)
		}
	})
}

func TestManyConnections(t *testing.T) {
	const atOnce, rounds = 1000, 10
	r := newRig(t, unixSocket, unixSocket, echo, untapped)
	for round := range rounds {
		conns := make([]half, atOnce)
		var w sync.WaitGroup
		for i := range conns {
			c, err := net.Dial(r.addr.Network, r.addr.Address)
			if err != nil {
				t.Fatal(err)
			}
			conns[i] = c.(half)
			write(t, c, fmt.Sprintf("request %d", i))
		}
		for i, c := range conns {
			w.Go(func() { read(t, c, fmt.Sprintf("request %d", i)) })
		}
		w.Wait()
		if round == 0 {
			checkMemory(t, atOnce)
		}
		for _, c := range conns {
			c.Close()
		}
	}
	if n := r.proxy.Connections(); n != atOnce*rounds {
		t.Errorf("%d connections; want %d", n, atOnce*rounds)
	}
}

// checkMemory looks at what n open connections hold. The test's own two ends
// of each are part of it, io.Copy's 32 KiB among them.
func checkMemory(t *testing.T, n int) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if perConn := (m.HeapInuse + m.StackInuse) / uint64(n); perConn > 100<<10 {
		t.Errorf("a connection holds %d bytes", perConn)
	}
}

// script is an end of a link that plays reads and records writes. It panics
// when it is given a deadline: a method that it does not have.
type script struct {
	net.Conn
	reads  [][]byte
	writes [][]byte
	closed chan struct{}
	once   sync.Once
}

func (s *script) Read(b []byte) (int, error) {
	if len(s.reads) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.reads[0])
	if s.reads[0] = s.reads[0][n:]; len(s.reads[0]) == 0 {
		s.reads = s.reads[1:]
	}
	return n, nil
}

func (s *script) Write(b []byte) (int, error) {
	s.writes = append(s.writes, bytes.Clone(b))
	return len(b), nil
}

func (s *script) CloseWrite() error { return nil }

func (s *script) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func TestWritesAreTheReads(t *testing.T) {
	newScript := func() *script {
		s := &script{closed: make(chan struct{})}
		for range 300 {
			s.reads = append(s.reads, randomBytes(1+mrand.IntN(3*smallBuffer)))
		}
		return s
	}
	client, server := newScript(), newScript()
	rec := &recorder{ended: make(chan struct{})}
	l := &link{ends: [2]net.Conn{client, server}, larges: new(larges), tap: rec}
	l.relay()
	l.finished()
	for d, dst := range map[wire.Dir]*script{wire.ToServer: server, wire.ToClient: client} {
		var seen [][]byte
		for _, c := range rec.chunks {
			if c.Dir == d && !c.EOF {
				seen = append(seen, c.Data)
			}
		}
		if len(seen) != len(dst.writes) {
			t.Fatalf("%s: %d reads, %d writes", d, len(seen), len(dst.writes))
		}
		for i := range seen {
			if !bytes.Equal(seen[i], dst.writes[i]) {
				t.Fatalf("%s: write %d is not what was read", d, i)
			}
		}
	}
	<-client.closed
	<-server.closed
}

// Two writes that the sender makes one after the other arrive as two: the
// head of an upgrade, and what follows it.
func TestPacedWritesStayApart(t *testing.T) {
	const head, body = "HTTP/1.1 101 UPGRADED\r\n\r\n", "\x01\x00\x00\x00\x00\x00\x00\x03hi\n"
	r := newRig(t, unixSocket, unixSocket, func(c net.Conn) {
		for range 50 {
			read(t, c, ".")
			io.WriteString(c, head)
			read(t, c, "!")
			io.WriteString(c, body)
		}
	})
	c := r.dial()
	b := make([]byte, 1000)
	for i := range 50 {
		write(t, c, ".")
		if n, _ := c.Read(b); string(b[:n]) != head {
			t.Fatalf("round %d: first read %q", i, b[:n])
		}
		write(t, c, "!")
		if n, _ := c.Read(b); string(b[:n]) != body {
			t.Fatalf("round %d: second read %q", i, b[:n])
		}
	}
}

// pump is an end that is read n times, and takes what is written.
type pump struct {
	net.Conn
	left, size int
}

func (p *pump) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.ErrNoProgress
	}
	p.left--
	return min(len(b), p.size), nil
}

func (p *pump) Write(b []byte) (int, error) { return len(b), nil }

func (p *pump) Close() error { return nil }

type nullTap struct{ bytes int }

func (n *nullTap) Chunk(c wire.Chunk) { n.bytes += len(c.Data) }

func (n *nullTap) End(time.Time, error) {}

func TestRelayDoesNotAllocate(t *testing.T) {
	for _, size := range []int{100, largeBuffer} {
		perRelay := func(reads int) float64 {
			pool := new(larges)
			return testing.AllocsPerRun(20, func() {
				client, server := &pump{left: reads, size: size}, &pump{left: reads, size: size}
				l := &link{ends: [2]net.Conn{client, server}, larges: pool, tap: &nullTap{}, warn: func(error) {}}
				l.relay()
			})
		}
		if few, many := perRelay(1), perRelay(5000); many-few > 20 {
			t.Errorf("reads of %d bytes: 4999 more take %v more allocations", size, many-few)
		}
	}
}

func TestBufferGrowsAndShrinks(t *testing.T) {
	const small, large, calm = 4096, 61440, 16
	b := newBuffer(new(larges))
	steps := []struct{ n, times, want int }{
		{small - 1, 100, small},
		{small, 1, large},
		{small, calm - 1, large},
		{small + 1, 1, large},
		{1, calm - 1, large},
		{1, 1, small},
		{small, 1, large},
	}
	for i, s := range steps {
		for range s.times {
			b.adapt(s.n)
		}
		if len(b.bytes) != s.want {
			t.Fatalf("step %d: %d bytes; want %d", i, len(b.bytes), s.want)
		}
	}
}

// TestWithoutHalfClose closes both ends when the input of one has ended, if the
// other cannot be told of that alone.
func TestWithoutHalfClose(t *testing.T) {
	client, near := net.Pipe()
	far, server := net.Pipe()
	l := &link{ends: [2]net.Conn{near, far}, larges: new(larges), warn: func(error) {}}
	relayed := make(chan struct{})
	go func() { defer close(relayed); l.relay() }()
	write(t, client, "hello")
	read(t, server, "hello")
	client.Close()
	readEOF(t, server)
	select {
	case <-relayed:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
}

// TestCrowd has many directions that have read much, and wait for more: their
// large buffers must not be kept, nor be more than there may be.
func TestCrowd(t *testing.T) {
	const most, crowd = 256, 64
	pool := new(larges)
	all := make([]buffer, 4*most)
	for i := range all {
		all[i] = newBuffer(pool)
		all[i].adapt(smallBuffer)
		all[i].adapt(largeBuffer)
	}
	if used := pool.used.Load(); used != most {
		t.Errorf("%d large buffers are used at once, want %d", used, most)
	}
	for i := range all {
		if all[i].large != nil {
			all[i].adapt(largeBuffer - 1)
		}
	}
	if used := pool.used.Load(); used != crowd {
		t.Errorf("%d large buffers are kept by who has read all there is, want %d", used, crowd)
	}
	for i := range all {
		all[i].free()
	}
	if used := pool.used.Load(); used != 0 {
		t.Errorf("%d large buffers are used by nobody", used)
	}
}
