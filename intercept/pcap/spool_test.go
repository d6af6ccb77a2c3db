package pcap

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// disk is a writer that may hang.
type disk struct {
	mu    sync.Mutex
	moves sync.Cond
	hangs bool
	held  bool
	bytes.Buffer
}

func newDisk() *disk {
	d := new(disk)
	d.moves.L = &d.mu
	return d
}

func (d *disk) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.hangs {
		d.held = true
		d.moves.Wait()
	}
	return d.Buffer.Write(b)
}

func (d *disk) set(hangs bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hangs, d.held = hangs, false
	d.moves.Broadcast()
}

// await waits until ok says yes.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

// hang has the disk hang in the packet of a connection.
func (d *disk) hang(t *testing.T, s *stretch) *sync.WaitGroup {
	t.Helper()
	d.set(true)
	var held sync.WaitGroup
	held.Go(func() { s.send(wire.ToClient, 10) })
	await(t, "a write that hangs", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.held
	})
	return &held
}

// stretch is a connection each of whose bytes tells its place.
type stretch struct {
	conn *wire.Conn
	tap  wire.Tap
	sent [2]int
}

// pattern is what both directions repeat.
const pattern = "GET /of/some/length HTTP/1.1\r\nHost: docker\r\nX-Number: 1234567\r\n\r\n"

func newStretch(w *Writer, id int) *stretch {
	c := &wire.Conn{ID: id, Start: epoch, Client: wire.Peer{Process: process("docker", 4711, 1000)}, Server: wire.Peer{Addr: "unix:///x"}}
	return &stretch{conn: c, tap: w.Tap(c)}
}

func place(from, n int) []byte {
	all := strings.Repeat(pattern, (from+n)/len(pattern)+1)
	return []byte(all[from : from+n])
}

func (s *stretch) send(dir wire.Dir, n int) {
	s.tap.Chunk(wire.Chunk{Conn: s.conn, Time: epoch.Add(time.Second), Dir: dir, Data: place(s.sent[dir], n)})
	s.sent[dir] += n
}

func (s *stretch) end() {
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		s.tap.Chunk(wire.Chunk{Conn: s.conn, Time: epoch.Add(time.Second), Dir: dir, EOF: true})
	}
	s.tap.End(epoch.Add(2*time.Second), nil)
}

// restored checks a connection as it is read: each byte is in its place, or lost.
type restored struct {
	t    *testing.T
	conn *wire.Conn
	at   [2]int
	lost int
	eof  [2]bool
	err  error
}

func (r *restored) Chunk(c wire.Chunk) {
	if c.Lost < 0 {
		r.t.Fatalf("connection %d lost an unknown number of bytes", r.conn.ID)
	}
	r.lost += c.Lost
	r.at[c.Dir] += c.Lost
	if want := place(r.at[c.Dir], len(c.Data)); !bytes.Equal(c.Data, want) {
		r.t.Fatalf("connection %d: %.40q at offset %d", r.conn.ID, c.Data, r.at[c.Dir])
	}
	r.at[c.Dir] += len(c.Data)
	r.eof[c.Dir] = r.eof[c.Dir] || c.EOF
}

func (r *restored) End(_ time.Time, err error) { r.err = err }

// restore reads a recording, and returns its connections by number.
func restore(t *testing.T, file []byte) (map[int]*restored, Stats) {
	t.Helper()
	all := make(map[int]*restored)
	stats, err := Read(context.Background(), bytes.NewReader(file), asked, func(c *wire.Conn) wire.Tap {
		if c.Client.Process == nil || all[c.ID] != nil {
			t.Errorf("connection %d is made up, or there twice", c.ID)
		}
		all[c.ID] = &restored{t: t, conn: c}
		return all[c.ID]
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, stats
}

// TestWriterHangs has the output hang in a packet of one connection: the others
// go on, and nothing is missing when it moves again.
func TestWriterHangs(t *testing.T) {
	d := newDisk()
	w, err := NewWriter(d, WriterOptions{Spool: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	all := []*stretch{newStretch(w, 1), newStretch(w, 2)}
	held := d.hang(t, all[0])
	all = append(all, newStretch(w, 3))
	for range 10 {
		for _, s := range all[1:] {
			s.send(wire.ToServer, 1000)
			s.send(wire.ToClient, 100_000)
		}
	}
	all[2].end()
	d.set(false)
	held.Wait()
	await(t, "the output", func() bool { return !w.spool.Behind() })
	n := d.Len()
	if all[1].send(wire.ToServer, 5); d.Len() == n {
		t.Error("a packet was not written before Chunk returned")
	}
	all[0].end()
	all[1].end()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, stats := restore(t, d.Bytes())
	for _, s := range all {
		if r := got[s.conn.ID]; r == nil || r.at != s.sent || r.lost > 0 || r.err != nil || r.eof != [2]bool{true, true} {
			t.Errorf("connection %d: sent %v, got %+v", s.conn.ID, s.sent, r)
		}
	}
	if n, _ := w.LeftOut(); n > 0 || stats.Gaps > 0 {
		t.Errorf("%d packets were left out, %d gaps", n, stats.Gaps)
	}
	wantClean(t, d.Bytes(), 3)
}

// TestWriterLeavesOut has more come than may wait, on connections that go on,
// end, begin, or do all of this meanwhile.
func TestWriterLeavesOut(t *testing.T) {
	d := newDisk()
	w, err := NewWriter(d, WriterOptions{Spool: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	first, goesOn, ends := newStretch(w, 1), newStretch(w, 2), newStretch(w, 3)
	held := d.hang(t, first)
	for range 10 {
		for _, s := range []*stretch{goesOn, ends} {
			s.send(wire.ToServer, 1000)
			s.send(wire.ToClient, 10_000)
		}
	}
	goesOn.tap.Chunk(wire.Chunk{Conn: goesOn.conn, Time: epoch, Dir: wire.ToServer, EOF: true})
	begins, unseen := newStretch(w, 4), newStretch(w, 5)
	begins.send(wire.ToServer, 777)
	begins.send(wire.ToClient, 10)
	ends.end()
	unseen.end()
	d.set(false)
	held.Wait()
	await(t, "the output", func() bool { return !w.spool.Behind() })
	first.end()
	goesOn.send(wire.ToClient, 3)
	goesOn.tap.End(epoch.Add(time.Second), wire.ErrStopped)
	begins.send(wire.ToServer, 5)
	begins.end()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, stats := restore(t, d.Bytes())
	lost := 0
	for _, s := range []*stretch{first, goesOn, begins} {
		r := got[s.conn.ID]
		if r == nil || r.at != s.sent || (r.lost == 0) != (s == first) {
			t.Fatalf("connection %d: sent %v, got %+v", s.conn.ID, s.sent, r)
		}
		lost += r.lost
	}
	if r := got[2]; r.eof != [2]bool{true, false} || !errors.Is(r.err, wire.ErrStopped) {
		t.Errorf("connection 2 ended %v, %v", r.eof, r.err)
	}
	if r := got[4]; r.eof != [2]bool{true, true} || r.err != nil {
		t.Errorf("connection 4 ended %v, %v", r.eof, r.err)
	}
	if got[3].err == nil || got[5] != nil {
		t.Errorf("the end of connection 3 and all of 5 were left out: %v, %v", got[3].err, got[5])
	}
	if stats.LostBytes != int64(lost) || stats.Repeated > 0 || stats.Strays > 0 {
		t.Errorf("%+v, lost %d", stats, lost)
	}
	n, size := w.LeftOut()
	if n < 10 || size < int64(lost) {
		t.Errorf("%d packets with %d bytes were left out", n, size)
	}
	if stats.Missing != n {
		t.Errorf("%d packets are missing by what is read", stats.Missing)
	}
	if mark := gapComment(n, size); bytes.Count(d.Bytes(), mark) != 1 {
		t.Errorf("no %q", mark)
	}
	acceptable(t, d.Bytes())
}

// acceptable has tshark and capinfos read a recording with a gap.
func acceptable(t *testing.T, file []byte) {
	t.Helper()
	out := string(tshark(t, file, "-Y", "_ws.malformed || tcp.checksum.status == 0", "-T", "fields", "-e", "frame.number"))
	if out != "" {
		t.Errorf("tshark finds packets that are damaged: %s", out)
	}
	path := need.Program(t, "capinfos")
	name := filepath.Join(t.TempDir(), "gap.pcapng")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(path, name).CombinedOutput(); err != nil || !strings.Contains(string(out), "stat entries = 1\n") {
		t.Errorf("capinfos: %v\n%s", err, out)
	}
}

// TestWriterPipeStalls records to a pipe that nobody reads: taps return, and
// Close gives up.
func TestWriterPipeStalls(t *testing.T) {
	r, p, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer p.Close()
	w, err := NewWriter(p, WriterOptions{Spool: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	s := newStretch(w, 1)
	for range 100 {
		s.send(wire.ToClient, 60_000)
	}
	s.end()
	if err := w.Close(); !errors.Is(err, spool.ErrStalled) {
		t.Errorf("Close: %v", err)
	}
	if n, bytes := w.LeftOut(); n < 90 || bytes < 60_000*90 {
		t.Errorf("%d packets with %d bytes were left out", n, bytes)
	}
}
