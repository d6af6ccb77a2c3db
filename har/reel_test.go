package har_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// player makes events of connections with HTTP/2, a millisecond after one another,
// each behind the bytes of the one before in its direction.
type player struct {
	events []wire.Event
	at     time.Time
	off    map[*wire.Conn]*[2]int64
	parts  map[string]*wire.Exchange
}

func newPlayer() *player {
	return &player{at: t0, off: map[*wire.Conn]*[2]int64{}, parts: map[string]*wire.Exchange{}}
}

// meta returns the next place, of so many bytes, and the exchange n of c so far.
func (p *player) meta(c *wire.Conn, n int, dir wire.Dir, size int64) (wire.Meta, *wire.Exchange) {
	p.at = p.at.Add(time.Millisecond)
	if p.off[c] == nil {
		p.off[c] = new([2]int64)
	}
	m := wire.Meta{Conn: c, Exchange: n, Dir: dir, Off: p.off[c][dir], Start: p.at, End: p.at}
	p.off[c][dir] += size
	x := p.parts[key(&m)]
	if x == nil {
		x = &wire.Exchange{Meta: m}
		x.Dir = wire.ToServer
		p.parts[key(&m)] = x
	}
	x.End = p.at
	return m, x
}

func (p *player) open(c *wire.Conn) {
	p.at = p.at.Add(time.Millisecond)
	c.Start = p.at
	p.events = append(p.events, &wire.Open{Meta: wire.Meta{Conn: c, Start: p.at, End: p.at}})
}

// asks and answers are heads of ten bytes.
func (p *player) asks(c *wire.Conn, n int) {
	m, x := p.meta(c, n, wire.ToServer, 10)
	x.Request = &wire.Request{Meta: m, Method: "POST", Target: "/a.B/C", Version: "HTTP/2", HeadBytes: 10, Stream: uint32(2*n - 1),
		Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}}}
	p.events = append(p.events, x.Request)
}

func (p *player) answers(c *wire.Conn, n int) {
	m, x := p.meta(c, n, wire.ToClient, 10)
	x.Response = &wire.Response{Meta: m, Version: "HTTP/2", Status: 200, HeadBytes: 10}
	x.FirstByte = p.at
	p.events = append(p.events, x.Response)
}

func (p *player) says(c *wire.Conn, n int, dir wire.Dir, data string) {
	m, x := p.meta(c, n, dir, int64(len(data)))
	b := &x.RequestBody
	if dir == wire.ToClient {
		b = &x.ResponseBody
	}
	if *b == nil {
		*b = &wire.Body{Meta: m, Content: wire.KindGRPC, Complete: true}
	}
	(*b).End = m.End
	(*b).WireBytes += int64(len(data))
	(*b).Bytes = (*b).WireBytes
	p.events = append(p.events, &wire.Message{Meta: m, Kind: wire.KindGRPC, Type: "a.D", Data: []byte(data), Size: int64(len(data))})
}

// hears tells that the client has said all.
func (p *player) hears(c *wire.Conn, n int) {
	p.events = append(p.events, p.parts[key(&wire.Meta{Conn: c, Exchange: n})].RequestBody)
}

// ends ends the exchange with trailers, which are not in the body.
func (p *player) ends(c *wire.Conn, n int) {
	_, x := p.meta(c, n, wire.ToClient, 10)
	if x.ResponseBody != nil {
		x.ResponseBody.Trailer = []wire.Field{{Name: "grpc-status", Value: "0"}}
		p.events = append(p.events, x.ResponseBody)
	}
	p.events = append(p.events, x)
}

// upgrades agrees on HTTP/2 in the exchange n of c.
func (p *player) upgrades(c *wire.Conn, n int) {
	m, x := p.meta(c, n, wire.ToServer, 10)
	x.Request = &wire.Request{Meta: m, Method: "POST", Target: "/session", Version: "HTTP/1.1", HeadBytes: 10}
	m, _ = p.meta(c, n, wire.ToClient, 20)
	x.Response = &wire.Response{Meta: m, Version: "HTTP/1.1", Status: 101, HeadBytes: 20}
	x.FirstByte = p.at
	x.Upgrade = &wire.Upgrade{Meta: wire.Meta{Conn: c, Exchange: n, Dir: wire.ToClient, Off: 20, Start: p.at, End: p.at}, Protocol: "h2c"}
	p.events = append(p.events, x.Request, x.Response, x.Upgrade)
}

// told lists events in their order, with the data of messages.
func told(evs []wire.Event) string {
	var b strings.Builder
	for _, ev := range evs {
		m := ev.EventMeta()
		if _, closed := ev.(*wire.Close); closed {
			continue // that is not recorded
		}
		fmt.Fprintf(&b, "%s %v %T", key(m), m.Dir, ev)
		if m, ok := ev.(*wire.Message); ok {
			fmt.Fprintf(&b, " %.10s", m.Data)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// sideBySide plays two streams of c that run at one time, of which the first ends
// last.
func (p *player) sideBySide(c *wire.Conn) {
	p.asks(c, 1)
	p.says(c, 1, wire.ToServer, "who")
	p.asks(c, 2)
	p.answers(c, 2)
	p.says(c, 2, wire.ToClient, "early")
	p.answers(c, 1)
	p.says(c, 1, wire.ToClient, "me")
	p.says(c, 2, wire.ToServer, "late")
	p.hears(c, 2)
	p.ends(c, 2)
	p.says(c, 1, wire.ToServer, "who else")
	p.says(c, 1, wire.ToClient, "you")
	p.says(c, 1, wire.ToServer, "thanks")
	p.hears(c, 1)
	p.ends(c, 1)
}

// TestSideBySide reads streams in the order of time: what each says, and what both say.
func TestSideBySide(t *testing.T) {
	p, c := newPlayer(), dockerConn(1)
	p.open(c)
	p.sideBySide(c)
	got := read(t, record(t, p.events, har.Options{}))
	wellFormed(t, got)
	if a, b := told(got), told(p.events); a != b {
		t.Errorf("read:\n%s\nrecorded:\n%s", a, b)
	}
}

// TestSideBySideInside does so of a connection inside of an exchange, and of one in a
// stream of that: all of it is told before what carries it ends.
func TestSideBySideInside(t *testing.T) {
	p, outer := newPlayer(), dockerConn(1)
	middle := &wire.Conn{ID: 2, Via: "h2c", Parent: wire.Parent{Conn: outer, Exchange: 1}, Reversed: true}
	inner := &wire.Conn{ID: 3, Via: "grpc", Parent: wire.Parent{Conn: middle, Exchange: 1}, Reversed: true}
	p.open(outer)
	p.upgrades(outer, 1)
	p.open(middle)
	p.asks(middle, 1)
	p.open(inner)
	p.asks(middle, 2)
	p.sideBySide(inner)
	p.answers(middle, 2)
	p.ends(middle, 2)
	p.says(middle, 1, wire.ToClient, "end")
	p.ends(middle, 1)
	p.parts[key(&wire.Meta{Conn: outer, Exchange: 1})].End = p.at
	p.events = append(p.events, p.parts[key(&wire.Meta{Conn: outer, Exchange: 1})])
	got := read(t, record(t, p.events, har.Options{}))
	wellFormed(t, got)
	if a, b := told(got), told(p.events); a != b {
		t.Errorf("read:\n%s\nrecorded:\n%s", a, b)
	}
}

// TestCarriedBytes adds what is inside of a connection to the right direction of it:
// the other one if who answers inside has asked outside.
func TestCarriedBytes(t *testing.T) {
	for _, reversed := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		p, outer := newPlayer(), dockerConn(1)
		middle := &wire.Conn{ID: 2, Via: "h2c", Parent: wire.Parent{Conn: outer, Exchange: 1}, Reversed: reversed[0]}
		inner := &wire.Conn{ID: 3, Via: "grpc", Parent: wire.Parent{Conn: middle, Exchange: 1}, Reversed: reversed[1]}
		p.open(outer)
		p.upgrades(outer, 1)
		p.open(middle)
		p.asks(middle, 1)
		p.asks(middle, 2)
		p.says(middle, 2, wire.ToServer, strings.Repeat("x", 5000)) // of another stream, before
		p.hears(middle, 2)
		p.answers(middle, 2)
		p.ends(middle, 2)
		p.open(inner)
		p.asks(inner, 1)
		p.says(inner, 1, wire.ToServer, strings.Repeat("a", 7000)) // it goes on
		p.answers(inner, 1)
		p.says(inner, 1, wire.ToClient, strings.Repeat("b", 300))
		p.ends(inner, 1)
		got := read(t, record(t, p.events, har.Options{}))
		want := [4][2]int64{3: {7010, 310}}
		flip := func(b [2]int64, reversed bool) [2]int64 {
			if reversed {
				return [2]int64{b[1], b[0]}
			}
			return b
		}
		in := flip(want[3], reversed[1]) // in the stream, behind its head
		want[2] = [2]int64{max(5020, 10+in[0]), max(10, in[1])}
		in = flip(want[2], reversed[0])
		want[1] = [2]int64{10 + in[0], 20 + in[1]}
		for _, ev := range got {
			if ev, ok := ev.(*wire.Close); ok && ev.Bytes != want[ev.Conn.ID] {
				t.Errorf("reversed %v: connection %d carried %d bytes, want %d", reversed, ev.Conn.ID, ev.Bytes, want[ev.Conn.ID])
			}
		}
	}
}

// TestReelIsBounded reads more of a connection than may wait: what is beyond is told
// before the end of the file is read, nothing twice or in another order within its
// exchange, and all that is told by then is in the order of time.
func TestReelIsBounded(t *testing.T) {
	p, c := newPlayer(), dockerConn(1)
	p.open(c)
	p.asks(c, 1)
	p.asks(c, 2)
	const piece = 1 << 20
	for i := range har.MaxReeled/piece + 8 {
		p.says(c, 1+i%2, wire.ToServer, fmt.Sprintf("%08d", i)+strings.Repeat(".", piece))
	}
	p.ends(c, 1)
	p.ends(c, 2)
	doc := record(t, p.events, har.Options{Pending: 1 << 20})
	var got []wire.Event
	early := 0
	end := &atEnd{Reader: bytes.NewReader(doc), do: func() { early = len(got) }}
	if _, err := har.Read(end, func(ev wire.Event) { got = append(got, ev) }); err != nil {
		t.Fatal(err)
	}
	if early < 8 || early > len(p.events)/2+8 {
		t.Errorf("%d of %d events were told before the end", early, len(p.events))
	}
	var all []string
	for _, ev := range got {
		if m, ok := ev.(*wire.Message); ok {
			all = append(all, string(m.Data[:8]))
		}
	}
	if !slices.IsSorted(all) || len(all) != har.MaxReeled/piece+8 {
		t.Errorf("%d messages: %v", len(all), all)
	}
}

// atEnd is a reader that calls do when it is at its end.
type atEnd struct {
	io.Reader
	do func()
}

func (a *atEnd) Read(b []byte) (int, error) {
	n, err := a.Reader.Read(b)
	if err == io.EOF {
		a.do()
	}
	return n, err
}
