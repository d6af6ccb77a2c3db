package pcap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// events returns what a decoder says of the taps that play calls.
func events(play func(newTap func(*wire.Conn) wire.Tap)) string {
	var evs []wire.Event
	play(func(c *wire.Conn) wire.Tap {
		return decode.New(c, decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true}}, func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) })
	})
	return tracetest.DumpAll(evs)
}

// direct shows all sessions to taps as they are.
func direct(all []session) *collector {
	c := new(collector)
	for _, s := range all {
		s.Play(s.conn, c.tap(s.conn))
	}
	return c
}

// wantSame fails t unless got is the connections of want: as they were, chunk
// for chunk.
func wantSame(t *testing.T, got, want *collector) {
	t.Helper()
	if len(got.conns) != len(want.conns) {
		t.Fatalf("%d connections, want %d", len(got.conns), len(want.conns))
	}
	for i, w := range want.conns {
		g := got.conns[i]
		if g.conn.ID != w.conn.ID || !g.conn.Start.Equal(w.conn.Start) ||
			!reflect.DeepEqual(g.conn.Client, w.conn.Client) || !reflect.DeepEqual(g.conn.Server, w.conn.Server) {
			t.Errorf("connection %d: got %+v, want %+v", i, *g.conn, *w.conn)
		}
		if gd, wd := chunks(g), chunks(w); gd != wd {
			t.Errorf("connection %d\ngot\n%swant\n%s", w.conn.ID, gd, wd)
		}
	}
}

// chunks is the chunks and the end of a connection as text. Empty chunks are
// left out.
func chunks(c *collected) string {
	var b strings.Builder
	for _, ch := range c.chunks {
		if len(ch.Data) > 0 || ch.Lost != 0 || ch.EOF {
			fmt.Fprintf(&b, "%v %v lost=%d %d bytes %.60q eof=%v\n", ch.Time.Sub(c.conn.Start), ch.Dir, ch.Lost, len(ch.Data), ch.Data, ch.EOF)
		}
	}
	fmt.Fprintf(&b, "%v %v\n", c.ended.Sub(c.conn.Start), c.err)
	return b.String()
}

// TestRoundTrip writes and reads all sessions, and compares the chunks, and what
// a decoder says of them.
func TestRoundTrip(t *testing.T) {
	all := sessions(t)
	file := record(t, all)
	got, stats := read(t, file)
	wantSame(t, got, direct(all))
	want := events(func(newTap func(*wire.Conn) wire.Tap) {
		for _, s := range all {
			s.Play(s.conn, newTap(s.conn))
		}
	})
	again := events(func(newTap func(*wire.Conn) wire.Tap) {
		if _, err := Read(context.Background(), bytes.NewReader(file), asked, newTap); err != nil {
			t.Error(err)
		}
	})
	if again != want {
		t.Error("other events")
	}
	if int(stats.Connections) != len(all) || stats.NotHTTP+stats.Malformed+stats.Truncated+stats.NotTCP+stats.Repeated+stats.Strays != 0 || stats.Torn {
		t.Errorf("%+v", stats)
	}
}

// TestRoundTripOdd is about what sessions have little of.
func TestRoundTripOdd(t *testing.T) {
	conn := func(id int, client, server wire.Peer, chunks ...transcript.Chunk) session {
		c := &transcript.Conn{Client: client, Server: server, Chunks: chunks, Start: time.Duration(id) * time.Hour}
		return session{"", c.Wire(id, epoch), c}
	}
	large := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	to, from := wire.ToServer, wire.ToClient
	all := []session{
		conn(7, peers[13], peers[9]), // hostile names, and nothing said
		conn(8, wire.Peer{}, wire.Peer{}, transcript.Chunk{Dir: to, Data: []byte("no HTTP at all")}),
		conn(9, wire.Peer{}, wire.Peer{},
			transcript.Chunk{At: 1, Dir: to, Data: large},
			transcript.Chunk{At: 1, Dir: to, Data: large[1:]}, // the same time
			transcript.Chunk{At: 2, Dir: from, Data: large, EOF: true},
			transcript.Chunk{At: 3, Dir: to, Data: []byte("x"), EOF: true}),
		conn(10, wire.Peer{}, wire.Peer{},
			transcript.Chunk{Dir: to, Lost: 512},
			transcript.Chunk{Dir: to, Lost: -1},
			transcript.Chunk{Dir: to, Lost: 1},
			transcript.Chunk{Dir: from, Lost: 1 << 40, Data: large},
			transcript.Chunk{Dir: from, Lost: 3 << 30},
			transcript.Chunk{Dir: from, Lost: -1, EOF: true},
			transcript.Chunk{At: 5, Dir: to, Lost: 1<<32 - 1, Data: []byte("x"), EOF: true}),
		put(11, "tcp://[2001:db8::1]:4000", "tcp://[2001:db8::2]:2375", 70_000),
		put(12, "tcp://192.0.2.1:4000", "tcp://192.0.2.1:2375", 70),
	}
	all[0].Close = &transcript.Close{At: 5, Reason: "upstream unix:///x: \"no\"\nsuch"}
	got, _ := read(t, record(t, all))
	wantSame(t, got, direct(all))
}

// TestRoundTripAtOnce has connections that interleave, some that do not end, and
// some that have the same addresses.
func TestRoundTripAtOnce(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := new(collector)
	var taps []wire.Tap
	for id := range 50 {
		s := put(id+1, "", "", 100)
		if id%5 == 0 {
			s = put(id+1, "tcp://192.0.2.1:4000", "tcp://192.0.2.2:2375", 100)
		}
		taps = append(taps, wire.Taps{w.Tap(s.conn), want.tap(s.conn)})
	}
	at := epoch
	for round := range 5 {
		for i, tap := range taps {
			at = at.Add(time.Millisecond)
			tap.Chunk(wire.Chunk{Time: at, Dir: wire.Dir(i+round) % 2, Data: fmt.Appendf(nil, "%d in %d", i, round)})
		}
	}
	for i, tap := range taps {
		if i%3 == 0 {
			at = at.Add(time.Millisecond)
			tap.End(at, errors.New("gone"))
		}
	}
	for i, tap := range taps {
		if i%3 != 0 {
			at = at.Add(time.Minute)
			tap.End(at, wire.ErrStopped)
		}
	}
	got, _ := read(t, b.Bytes())
	wantSame(t, got, want)
	for _, c := range got.conns {
		if (c.conn.ID-1)%3 != 0 && c.err != wire.ErrStopped {
			t.Errorf("connection %d ended by %v", c.conn.ID, c.err)
		}
	}
}

// TestRoundTripTwice has two recordings in a row, whose connections have the
// same numbers and addresses.
func TestRoundTripTwice(t *testing.T) {
	one, two := put(1, "", "", 10), put(1, "", "", 20)
	two.conn.Start = two.conn.Start.Add(time.Hour)
	var file []byte
	for _, s := range []session{one, two} {
		var b bytes.Buffer
		w, err := NewWriter(&b, WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		tap := w.Tap(s.conn)
		tap.Chunk(wire.Chunk{Time: s.conn.Start, Dir: wire.ToServer, Data: []byte(fmt.Sprint(s.conn.Start))})
		tap.End(s.conn.Start, wire.ErrStopped)
		file = append(file, b.Bytes()...)
	}
	got, stats := read(t, file)
	if stats.Connections != 2 {
		t.Fatalf("%d connections, want 2", stats.Connections)
	}
	for i, s := range []session{one, two} {
		if g := got.conns[i].bytes(wire.ToServer); g != fmt.Sprint(s.conn.Start) {
			t.Errorf("connection %d: got %q", i, g)
		}
	}
}

// TestTorn cuts a recording at every place.
func TestTorn(t *testing.T) {
	file := record(t, []session{put(1, "", "", 100), put(2, "", "", 10)})
	whole, _ := read(t, file)
	var blocks []int // where they end
	for at := 0; at < len(file); {
		at += int(order.Uint32(file[at+4:]))
		blocks = append(blocks, at)
	}
	for n := 1; n < len(file); n++ {
		got := new(collector)
		stats, err := Read(context.Background(), bytes.NewReader(file[:n]), asked, got.tap)
		within := true
		for _, end := range blocks {
			within = within && n != end
		}
		switch {
		case n < 4:
			if !errors.Is(err, errFormat) {
				t.Fatalf("%d bytes: %v", n, err)
			}
		case within != errors.Is(err, io.ErrUnexpectedEOF), !within && err != nil, stats.Torn != within:
			t.Fatalf("%d bytes: %v, %+v, want torn %v", n, err, stats, within)
		}
		for i, c := range got.conns {
			for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
				if !strings.HasPrefix(whole.conns[i].bytes(dir), c.bytes(dir)) {
					t.Fatalf("%d bytes: got %q", n, c.bytes(dir))
				}
			}
			if c.ends != 1 {
				t.Fatalf("%d bytes: connection %d ended %d times", n, i, c.ends)
			}
		}
	}
}

// blocksOf returns the blocks of a recording.
func blocksOf(file []byte) (blocks [][]byte) {
	for len(file) > 0 {
		n := order.Uint32(file[4:])
		blocks = append(blocks, file[:n])
		file = file[n:]
	}
	return blocks
}

// TestRecordingTwice has every packet twice.
func TestRecordingTwice(t *testing.T) {
	s := put(1, "", "", 100_000)
	s.Chunks = append(s.Chunks,
		transcript.Chunk{At: 4, Dir: wire.ToClient, Lost: 7},
		transcript.Chunk{At: 5, Dir: wire.ToClient, Lost: -1, Data: []byte("x")},
		transcript.Chunk{At: 6, Dir: wire.ToClient, Lost: 1, Data: []byte("xy"), EOF: true})
	var twice []byte
	for i, b := range blocksOf(record(t, []session{s})) {
		twice = append(twice, b...)
		if i > 1 {
			twice = append(twice, b...)
		}
	}
	got, _ := read(t, twice)
	wantSame(t, got, direct([]session{s}))
}

// TestRecordingHandshakeAgain has the first packets again behind all that was said.
func TestRecordingHandshakeAgain(t *testing.T) {
	s := put(1, "", "", 100)
	blocks := blocksOf(record(t, []session{s}))
	for _, i := range []int{2, 3, 4} {
		again := slices.Concat(slices.Concat(blocks[:7]...), blocks[i], slices.Concat(blocks[7:]...))
		got, stats := read(t, again)
		wantSame(t, got, direct([]session{s}))
		if stats.Gaps != 0 {
			t.Errorf("block %d again: %+v", i, stats)
		}
	}
}

// TestTornWithinRead cuts a recording between the packets of one read: what there
// is of it is told.
func TestTornWithinRead(t *testing.T) {
	s := put(1, "", "", 200_000)
	blocks := blocksOf(record(t, []session{s}))
	const first = 5 // packet with data
	want := direct([]session{s}).conns[0].bytes(wire.ToServer)
	for n := 1; n <= 3; n++ {
		got, _ := read(t, slices.Concat(blocks[:first+n]...))
		if g := got.conns[0].bytes(wire.ToServer); len(g) != n*maxSegment || !strings.HasPrefix(want, g) {
			t.Errorf("%d bytes of %d packets", len(g), n)
		}
		if n := len(got.conns[0].chunks); n != 1 {
			t.Errorf("they are in %d pieces", n)
		}
	}
}

// TestRecordingHoles has every packet behind the handshake taken out in turn.
func TestRecordingHoles(t *testing.T) {
	s := put(1, "", "", 100_000)
	want := direct([]session{s}).conns[0]
	blocks := blocksOf(record(t, []session{s}))
	const first, eof, last = 5, 9, 11
	for i := first; i <= last; i++ {
		got, stats := read(t, slices.Concat(slices.Concat(blocks[:i]...), slices.Concat(blocks[i+1:]...)))
		if len(got.conns) != 1 {
			t.Fatalf("without block %d: %d connections", i, len(got.conns))
		}
		for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
			g, w := got.conns[0].bytes(dir), want.bytes(dir)
			if i == eof && dir == wire.ToServer {
				w += "?" // it has a number, as a byte has
			}
			if g != hidden(w, g) {
				t.Errorf("without block %d, %v: got %d bytes, want %d, alike at first: %d", i, dir, len(g), len(w), alike(g, w))
			}
		}
		if i <= eof && stats.Gaps != 1 {
			t.Errorf("without block %d: %+v", i, stats)
		}
	}
}

// TestRecordingHolesInTurn takes every packet but the first out of a dialogue: what was
// in it is missing where it was, before what the other side said next.
func TestRecordingHolesInTurn(t *testing.T) {
	s := session{conn: &wire.Conn{ID: 1, Start: epoch}, Conn: new(transcript.Conn)}
	for i := range 8 {
		s.Chunks = append(s.Chunks, transcript.Chunk{At: time.Duration(i), Dir: wire.Dir(i % 2), Data: fmt.Appendf(nil, "%[1]d says %[1]d", i)})
	}
	turns := func(c *collected) (all string) {
		for _, ch := range c.chunks {
			if ch.Lost != 0 || len(ch.Data) > 0 {
				all += fmt.Sprintf("%v %s%s\n", ch.Dir, strings.Repeat("?", ch.Lost), ch.Data)
			}
		}
		return all
	}
	want := turns(direct([]session{s}).conns[0])
	blocks := blocksOf(record(t, []session{s}))
	for i := range blocks {
		if order.Uint32(blocks[i]) != blockPacket || i == 2 { // which says what it is
			continue
		}
		got, stats := read(t, slices.Concat(slices.Concat(blocks[:i]...), slices.Concat(blocks[i+1:]...)))
		g, w := turns(got.conns[0]), want
		if i == 5+len(s.Chunks) {
			w += "to_client ?\n" // its end has a number, as a byte has
		}
		if g != hidden(w, g) {
			t.Errorf("without block %d, %+v: got\n%swant\n%s", i, stats, g, w)
		}
	}
}

// hidden returns s with '?' where like has it.
func hidden(s, like string) string {
	b := []byte(s)
	for i := range min(len(s), len(like)) {
		if like[i] == '?' {
			b[i] = '?'
		}
	}
	return string(b)
}

// TestRoundTripBroken: who broke a connection off is read as it was recorded, also if
// that side had said before that it has nothing more to say.
func TestRoundTripBroken(t *testing.T) {
	broken := errors.New("client: connection reset by peer")
	for _, want := range []wire.Dir{wire.ToServer, wire.ToClient} {
		for eofs := range 4 {
			var file bytes.Buffer
			w, err := NewWriter(&file, WriterOptions{})
			if err != nil {
				t.Fatal(err)
			}
			c := &wire.Conn{ID: 1, Start: epoch}
			tap := w.Tap(c)
			for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
				tap.Chunk(wire.Chunk{Conn: c, Time: epoch, Dir: dir, Data: []byte("x"), EOF: eofs>>dir&1 != 0})
			}
			tap.End(epoch, &wire.PeerError{Dir: want, Err: broken})
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got, _ := read(t, file.Bytes())
			peer := (*wire.PeerError)(nil)
			if len(got.conns) != 1 || !errors.As(got.conns[0].err, &peer) || peer.Dir != want || peer.Error() != broken.Error() {
				t.Errorf("%v, ended %b: got %+v", want, eofs, got.conns[0].err)
			}
		}
	}
}
