package pcap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// put returns a session with a request and its answer of n bytes, each in one
// read.
func put(id int, client, server string, n int) session {
	body := strings.Repeat("0123456789abcde\n", n/16+1)[:n]
	head := fmt.Sprintf("PUT /%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", id, n)
	c := &transcript.Conn{
		Client: wire.Peer{Addr: client}, Server: wire.Peer{Addr: server},
		Chunks: []transcript.Chunk{
			{At: 1, Dir: wire.ToServer, Data: []byte(head + body)},
			{At: 2, Dir: wire.ToClient, Data: fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", n, body)},
			{At: 3, Dir: wire.ToServer, EOF: true},
		},
	}
	return session{"put", c.Wire(id, epoch), c}
}

func TestWriterAddresses(t *testing.T) {
	const tcp4, tcp6 = "tcp://192.0.2.1:4000", "tcp://[2001:db8::1]:4000"
	for _, c := range []struct{ client, server, want string }{
		{tcp4, "tcp://192.0.2.2:2375", "192.0.2.1:4000 192.0.2.2:2375"},
		{tcp6, "tcp://[2001:db8::2]:2375", "[2001:db8::1]:4000 [2001:db8::2]:2375"},
		{"tcp://[fe80::1%eth0]:4000", "tcp://[fe80::2%eth0]:80", "[fe80::1]:4000 [fe80::2]:80"},
		{"tcp://[::ffff:192.0.2.1]:4000", "tcp://192.0.2.2:2375", "192.0.2.1:4000 192.0.2.2:2375"},
		{tcp4, tcp4, "127.0.0.1:49159 127.0.0.1:80"},
		{tcp4, "tcp://[2001:db8::2]:2375", "127.0.0.1:49159 127.0.0.1:80"},
		{tcp4, "tcp://localhost:2375", "127.0.0.1:49159 127.0.0.1:80"},
		{tcp4, "tcp://192.0.2.2:0", "127.0.0.1:49159 127.0.0.1:80"},
		{tcp4, "unix:///x", "127.0.0.1:49159 127.0.0.1:80"},
		{"", "ssh://user@host", "127.0.0.1:49159 127.0.0.1:80"},
	} {
		f := flowOf(&wire.Conn{ID: 7, Client: wire.Peer{Addr: c.client}, Server: wire.Peer{Addr: c.server}}, nil)
		if got := f[0].String() + " " + f[1].String(); got != c.want {
			t.Errorf("%q to %q: got %s, want %s", c.client, c.server, got, c.want)
		}
	}
}

func TestWriterAddressesAreUnique(t *testing.T) {
	used := make(map[flow]bool)
	real := &wire.Conn{Client: wire.Peer{Addr: "tcp://127.0.0.1:49155"}, Server: wire.Peer{Addr: "tcp://127.0.0.1:80"}}
	used[flowOf(real, used)] = true
	for id := range 100_000 {
		f := flowOf(&wire.Conn{ID: id}, used)
		if used[f] || !f[0].Addr().IsLoopback() {
			t.Fatalf("connection %d has the addresses %v, used: %v", id, f, used[f])
		}
		used[f] = true
	}
	if f := flowOf(real, used); used[f] {
		t.Errorf("%v twice", f)
	}
}

// TestWriterShapes has tshark read what real sessions have little of: IPv6,
// reads of more than a packet, numbers that wrap, and many at once.
func TestWriterShapes(t *testing.T) {
	all := []session{
		put(1, "tcp://[2001:db8::1]:4000", "tcp://[2001:db8::2]:2375", 5),
		put(2, "tcp://192.0.2.1:4000", "tcp://192.0.2.2:8080", 65_001),
		put(3, "", "unix:///x", 300_000),
		put(4, "tcp://[2001:db8::1]:4001", "tcp://[2001:db8::2]:80", 300_001),
		put(1, "", "unix:///x", 0),      // the same numbers again
		put(70_000, "", "unix:///x", 1), // more than there are ports
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range all {
		r := &recorder{w: w, conn: s.conn}
		r.begin(1<<32 - 100_000 - uint32(i)) // they wrap
		s.Play(s.conn, r)
	}
	wantClean(t, b.Bytes(), len(all))
	found := tsharkMessages(t, b.Bytes())
	for i, s := range all {
		got, want := found[i], decodedMessages(s)
		if got == nil || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
			t.Errorf("connection %d\ntshark: %v\nwant:   %v", i, got, want)
		}
	}
}

// TestWriterGap has tshark see that bytes are missing.
func TestWriterGap(t *testing.T) {
	s := put(1, "", "", 100)
	s.Chunks = slices.Insert(s.Chunks, 1,
		transcript.Chunk{At: 1, Dir: wire.ToServer, Lost: 500, Data: []byte("x")},
		transcript.Chunk{At: 1, Dir: wire.ToServer, Lost: -1})
	file := record(t, []session{s})
	out := string(tshark(t, file, "-Y", "tcp.analysis.lost_segment", "-T", "fields", "-e", "frame.number", "-e", "frame.comment"))
	want := "5\tsocktrace: connection 1 lost 500 bytes before this\n6\tsocktrace: connection 1 lost bytes before this\n"
	if out != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
}

func TestCapinfos(t *testing.T) {
	path := need.Program(t, "capinfos")
	name := filepath.Join(t.TempDir(), "file.pcapng")
	if err := os.WriteFile(name, record(t, []session{put(1, "", "", 1)}), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"Raw IP", "nanoseconds (9)", "Number of packets:   8\n", "2026-01-02", "socktrace v1.2.3", "holds secrets", "Name = socktrace",
	} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// blockWriter fails t unless every write is of whole blocks.
type blockWriter struct {
	t      testing.TB
	writes int
}

func (w *blockWriter) Write(b []byte) (int, error) {
	w.writes++
	for rest := b; len(rest) > 0; {
		if len(rest) < blockOverhead {
			w.t.Fatalf("%d bytes behind a block", len(rest))
		}
		n := int(order.Uint32(rest[4:]))
		if n%4 != 0 || n > len(rest) || order.Uint32(rest[n-4:]) != uint32(n) {
			w.t.Fatalf("block of %d bytes in a write of %d", n, len(b))
		}
		rest = rest[n:]
	}
	return len(b), nil
}

func TestWriterWritesBlocks(t *testing.T) {
	out := &blockWriter{t: t}
	w, err := NewWriter(out, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := put(1, "", "", 200_000)
	s.Play(s.conn, w.Tap(s.conn))
	const want = 1 + 1 + 4 + 4 + 1 + 1 // head, handshake, 4 packets each, EOF, end
	if out.writes != want {
		t.Errorf("%d writes, want %d", out.writes, want)
	}
}

// fullWriter takes so many bytes, and then fails.
type fullWriter struct {
	left  int
	err   error
	calls int
}

func (w *fullWriter) Write(b []byte) (int, error) {
	w.calls++
	n := min(len(b), w.left)
	w.left -= n
	if n < len(b) {
		return n, w.err
	}
	return n, nil
}

func TestWriterFails(t *testing.T) {
	full := errors.New("no space left on device")
	for _, c := range []struct {
		returned, want error
	}{{full, full}, {nil, io.ErrShortWrite}} {
		out := &fullWriter{left: 1000, err: c.returned}
		var told []error
		w, err := NewWriter(out, WriterOptions{Failed: func(err error) { told = append(told, err) }})
		if err != nil {
			t.Fatal(err)
		}
		s := put(1, "", "", 2000)
		s.Play(s.conn, w.Tap(s.conn))
		if len(told) != 1 || !errors.Is(told[0], c.want) || !strings.HasPrefix(told[0].Error(), "write pcapng: ") {
			t.Errorf("told %v, want one %v", told, c.want)
		}
		calls := out.calls
		w.Tap(s.conn).End(epoch, nil)
		if err := w.Close(); !errors.Is(err, c.want) {
			t.Errorf("Close: got %v, want %v", err, c.want)
		}
		if out.calls != calls {
			t.Errorf("%d writes after the error", out.calls-calls)
		}
	}
	if _, err := NewWriter(&fullWriter{err: full}, WriterOptions{}); !errors.Is(err, full) {
		t.Errorf("NewWriter: got %v, want %v", err, full)
	}
}

func TestWriterClosed(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{Failed: func(err error) { t.Errorf("Failed: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	s := put(1, "", "", 10)
	tap := w.Tap(s.conn)
	n := b.Len()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	s.Play(s.conn, tap)
	if b.Len() != n {
		t.Errorf("%d bytes after Close", b.Len()-n)
	}
}

// TestWriterConcurrently is for the race detector, and for tshark; and nothing may
// be lost, or come into another connection.
func TestWriterConcurrently(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for id := range 20 {
		all.Go(func() {
			s := put(1+id, "", "", 1000*(1+id))
			s.Play(s.conn, w.Tap(s.conn))
		})
	}
	all.Wait()
	got, _ := read(t, b.Bytes())
	if len(got.conns) != 20 {
		t.Fatalf("%d connections", len(got.conns))
	}
	for _, c := range got.conns {
		want := direct([]session{put(c.conn.ID, "", "", 1000*c.conn.ID)})
		if g, w := chunks(c), chunks(want.conns[0]); g != w {
			t.Errorf("connection %d\ngot\n%swant\n%s", c.conn.ID, g, w)
		}
	}
	wantClean(t, b.Bytes(), 20)
}

// BenchmarkWriter records small exchanges in a file: one connection each, with
// four reads, or all on one connection; and bulk.
func BenchmarkWriter(b *testing.B) {
	open := func(b *testing.B) *Writer {
		f, err := os.Create(filepath.Join(b.TempDir(), "file.pcapng"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { f.Close() })
		w, err := NewWriter(f, WriterOptions{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		return w
	}
	conn := &wire.Conn{ID: 1, Start: epoch, Client: wire.Peer{Process: process("docker", 4711, 1000)}, Server: wire.Peer{Addr: "unix:///run/docker.sock"}}
	request, response := make([]byte, 200), make([]byte, 500)
	b.Run("exchange", func(b *testing.B) {
		tap := open(b).Tap(conn)
		for b.Loop() {
			for range 2 {
				tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToServer, Data: request})
				tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToClient, Data: response})
			}
		}
	})
	b.Run("connection", func(b *testing.B) {
		w := open(b)
		for b.Loop() {
			tap := w.Tap(conn)
			tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToServer, Data: request})
			tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToClient, Data: response})
			tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToServer, EOF: true})
			tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToClient, EOF: true})
			tap.End(epoch.Add(time.Second), nil)
		}
	})
	b.Run("bulk", func(b *testing.B) {
		w, err := NewWriter(io.Discard, WriterOptions{})
		if err != nil {
			b.Fatal(err)
		}
		tap, data := w.Tap(conn), make([]byte, 60<<10)
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			tap.Chunk(wire.Chunk{Conn: conn, Time: epoch, Dir: wire.ToClient, Data: data})
		}
	})
}
