package pcap

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// asked are the options that have decoders asked for what is HTTP.
var asked = Options{Recognize: decode.Recognize}

// epoch is when the sessions of tests begin.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)

// session is one recorded connection of a test.
type session struct {
	name string
	conn *wire.Conn
	*transcript.Conn
}

// sessions returns all connections of the transcripts of the project, each with
// addresses of its own, numbered as they are in recordings.
func sessions(t testing.TB) []session {
	t.Helper()
	captures := append(tracetest.Captures(t), tracetest.Load(t, "../../decode/testdata/transcripts/*.txt")...)
	var all []session
	known := map[[2]string]bool{} // addresses of both ends
	for _, c := range captures {
		for _, conn := range c.Conns {
			s := session{c.Name, conn.Wire(len(all)+1, epoch), conn}
			if known[[2]string{s.conn.Client.Addr, s.conn.Server.Addr}] && strings.HasPrefix(s.conn.Client.Addr, "tcp://") {
				s.conn.Client.Addr = fmt.Sprintf("tcp://10.0.0.1:%d", 30_000+len(all))
			}
			known[[2]string{s.conn.Client.Addr, s.conn.Server.Addr}] = true
			all = append(all, s)
		}
	}
	return all
}

// record returns a recording of all, one connection after the other.
func record(t testing.TB, all []session) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{Version: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		s.Play(s.conn, w.Tap(s.conn))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// collector keeps what Read shows to its taps.
type collector struct {
	conns []*collected
	emit  func(*wire.Conn) wire.Tap // another tap of every connection; may be nil
}

// collected is one connection as a tap has seen it.
type collected struct {
	conn   *wire.Conn
	chunks []wire.Chunk
	ended  time.Time
	err    error
	ends   int
	next   wire.Tap
}

func (r *collector) tap(c *wire.Conn) wire.Tap {
	got := &collected{conn: c}
	if r.emit != nil {
		got.next = r.emit(c)
	}
	r.conns = append(r.conns, got)
	return got
}

func (c *collected) Chunk(ch wire.Chunk) {
	if c.next != nil {
		c.next.Chunk(ch)
	}
	ch.Data = bytes.Clone(ch.Data)
	c.chunks = append(c.chunks, ch)
}

func (c *collected) End(t time.Time, err error) {
	if c.next != nil {
		c.next.End(t, err)
	}
	c.ended, c.err = t, err
	c.ends++
}

// bytes returns what was seen of one direction; of lost bytes, as many '?' if
// their number is known.
func (c *collected) bytes(dir wire.Dir) string {
	var b []byte
	for _, ch := range c.chunks {
		if ch.Dir == dir {
			b = append(b, bytes.Repeat([]byte{'?'}, max(ch.Lost, 0))...)
			b = append(b, ch.Data...)
		}
	}
	return string(b)
}

// read reads a whole capture.
func read(t testing.TB, file []byte) (*collector, Stats) {
	t.Helper()
	c := new(collector)
	stats, err := Read(context.Background(), bytes.NewReader(file), asked, c.tap)
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range c.conns {
		if conn.ends != 1 {
			t.Errorf("connection %d ended %d times", conn.conn.ID, conn.ends)
		}
	}
	return c, stats
}
