package decode_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// passer shows a decoder no more than it has to see, as a relay does that has the kernel
// pass on the rest, and at random a bit more.
type passer struct {
	*decode.Conn
	rng    *rand.Rand
	passed *int64 // bytes that it did not see
}

func (p *passer) Chunk(c wire.Chunk) {
	if n := min(p.Passes(c.Dir), int64(len(c.Data))); n > 0 && c.Lost == 0 {
		n = 1 + p.rng.Int64N(n)
		*p.passed += n
		p.Conn.Chunk(wire.Chunk{Conn: c.Conn, Time: c.Time, Dir: c.Dir, Passed: int(n)})
		if c.Data = c.Data[n:]; len(c.Data) == 0 && !c.EOF {
			return
		}
	}
	p.Conn.Chunk(c)
}

// manners are what outputs need who do not keep bodies, and some who do.
var manners = map[string]wire.Needs{
	"nothing":  {},
	"heads":    {Lines: true, Fields: true},
	"telling":  {Lines: true, Telling: true, Keeps: true},
	"sizes":    {Lines: true, Sizes: true, Keeps: true},
	"messages": {Lines: true, Fields: true, Sizes: true, Messages: true, Keeps: true},
	"bodies":   {Lines: true, Fields: true, Sizes: true, Messages: true, Body: 100, Keeps: true},
	"digests":  {Lines: true, Fields: true, Sizes: true, Messages: true, Body: 100, Digest: true, Keeps: true},
}

// passing returns what makes decoders with these needs that are shown no more than they
// have to see, and counts what they are not.
func passing(n wire.Needs, passed *int64) tracetest.NewTap {
	return func(c *wire.Conn, emit func(wire.Event)) wire.Tap {
		return &passer{decode.New(c, needing(n), booked(n, emit)), rand.New(rand.NewPCG(1, 2)), passed}
	}
}

// booked has emit get whole exchanges if their events may be kept, which the book does.
func booked(n wire.Needs, emit func(wire.Event)) func(wire.Event) {
	if n.Keeps {
		return tracetest.Booked(emit)
	}
	return emit
}

func needing(n wire.Needs) decode.Options {
	return decode.Options{Needs: n, Terminals: decode.NewTerminals(), Keys: keys()}
}

// TestPassingChangesNothing plays every session with and without the bytes that need not
// be seen, cut anywhere: all events are the same, times and counters included.
// Those of decoders that lend them are read at once; they have no messages.
func TestPassingChangesNothing(t *testing.T) {
	for name, needs := range manners {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var passed int64
			for _, s := range sessions(t) {
				if s.name == "swallowed" {
					continue // lengths that are wrong: see TestPassedUnlooked
				}
				for i, c := range s.Conns {
					for seed := range uint64(4) {
						cut := cutAnyhow(c, seed)
						want := dumped(cut, func(c *wire.Conn, emit func(wire.Event)) wire.Tap {
							return decode.New(c, needing(needs), booked(needs, emit))
						}, needs.Keeps)
						if got := dumped(cut, passing(needs, &passed), needs.Keeps); got != want {
							t.Errorf("%s, connection %d, seed %d: got\n%s\nwant\n%s", s.name, i+1, seed, got, want)
						}
					}
				}
			}
			if passed == 0 && !needs.Digest {
				t.Error("all was shown")
			}
		})
	}
}

// dumped returns the events of a connection as text; messages are merged if they may be
// kept.
func dumped(c *transcript.Conn, newTap tracetest.NewTap, keeps bool) string {
	var evs []wire.Event
	var at strings.Builder
	conn := c.Wire(1, t0)
	c.Play(conn, newTap(conn, func(ev wire.Event) {
		if keeps {
			evs = append(evs, wire.Clone(ev))
		} else {
			at.WriteString(tracetest.Dump(ev) + "\n")
		}
	}))
	return at.String() + tracetest.DumpAll(tracetest.Merge(evs))
}

// cutAnyhow returns c with each chunk cut in some places.
func cutAnyhow(c *transcript.Conn, seed uint64) *transcript.Conn {
	rng := rand.New(rand.NewPCG(seed, 0))
	cut := *c
	cut.Chunks = nil
	for _, ch := range c.Chunks {
		for most := 1 + rng.IntN(200); len(ch.Data) > 1; {
			n := 1 + rng.IntN(min(most, len(ch.Data)-1))
			piece := ch
			piece.Data, piece.EOF = ch.Data[:n], false
			cut.Chunks = append(cut.Chunks, piece)
			ch.Data, ch.Lost = ch.Data[n:], 0
		}
		cut.Chunks = append(cut.Chunks, ch)
	}
	return &cut
}

// TestPasses has a decoder say how much of a body it need not see: nothing before it has
// begun, all of its rest then if nobody wants more than its size, and nothing that somebody
// looks into.
func TestPasses(t *testing.T) {
	const size = 100_000
	head := func(line, fields string) string { return line + "\r\n" + fields + "\r\n" }
	sized := fmt.Sprintf("Content-Length: %d\r\n", size)
	lines, telling := wire.Needs{Lines: true, Fields: true}, wire.Needs{Lines: true, Telling: true}
	shown := wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true}
	asks := head("GET /v1.41/images/x/get HTTP/1.1", "Host: d\r\n")
	loads := head("POST /v1.41/images/load HTTP/1.1", "Content-Type: application/x-tar\r\n"+sized)
	ok := "HTTP/1.1 200 OK"
	for _, c := range []struct {
		name             string
		needs            wire.Needs
		request, respond string
		want             int64
	}{
		{"an upload", lines, loads + "x", "", size - 1},
		{"before it has begun", lines, loads, "", 0},
		{"no body", lines, asks, "", 0},
		{"a download", lines, asks, head(ok, sized) + "x", size - 1},
		{"nobody wants anything", wire.Needs{}, asks, head(ok, sized) + "x", size - 1},
		{"in gzip", lines, asks, head(ok, "Content-Encoding: gzip\r\n"+sized) + "\x1f", size - 1},
		{"in gzip, whose size is told without", wire.Needs{Lines: true, Sizes: true}, asks, head(ok, "Content-Encoding: gzip\r\n"+sized) + "\x1f\x8b\x08", 0},
		{"a chunk", lines, asks, head(ok, "Transfer-Encoding: chunked\r\n") + "10000\r\nx", 0xffff},
		{"between chunks", lines, asks, head(ok, "Transfer-Encoding: chunked\r\n") + "1\r\nx\r\n", 0},
		{"until the end of the connection", lines, asks, head(ok, "") + "x", 0},
		{"files that are counted", telling, asks, head(ok, "Content-Type: application/x-tar\r\n"+sized) + "x", 0},
		{"an error that is told", telling, asks, head("HTTP/1.1 500 No", "Content-Type: application/json\r\n"+sized) + "{", 0},
		{"JSON that tells nothing", telling, head("GET /v1.41/info HTTP/1.1", ""), head(ok, "Content-Type: application/json\r\n"+sized) + "{", size - 1},
		{"binary that is shown", shown, head("GET /v2/x/blobs/sha256:1 HTTP/1.1", ""), head(ok, "Content-Type: application/octet-stream\r\n"+sized) + strings.Repeat("\x00", 1000), size - 1000},
		{"text that is shown", shown, head("GET /x HTTP/1.1", ""), head(ok, "Content-Type: text/plain\r\n"+sized) + strings.Repeat("x", 1000), 0},
		{"binary that is kept", wire.Needs{Body: size}, asks, head(ok, sized) + "x", 0},
		{"binary that is no longer kept", wire.Needs{Body: 5}, asks, head(ok, sized) + strings.Repeat("x", 100), size - 100},
		{"a digest", wire.Needs{Body: 5, Digest: true}, asks, head(ok, sized) + strings.Repeat("x", 100), 0},
		{"where the next answer may be", lines, asks, head(ok, sized) + "x|" + asks, 0},
		{"behind where it might have been", lines, asks, head(ok, sized) + "x|" + asks + "|x", size - 2},
		{"a stream", lines, head("POST /v1.41/exec/x/start HTTP/1.1", "Connection: Upgrade\r\nUpgrade: tcp\r\n"), head("HTTP/1.1 101 UPGRADED", "Connection: Upgrade\r\nUpgrade: tcp\r\n") + "x", 0},
		{"no HTTP", lines, "x\ny", strings.Repeat("x", 100), 0},
	} {
		conn := &wire.Conn{ID: 1, Start: t0}
		d := decode.New(conn, needing(c.needs), func(wire.Event) {})
		show := func(dir wire.Dir, s string) {
			if s != "" {
				d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, Data: []byte(s)})
			}
		}
		show(wire.ToServer, c.request)
		dir := wire.ToServer
		for i, s := range strings.Split(c.respond, "|") {
			show([]wire.Dir{wire.ToClient, wire.ToServer}[i%2], s)
			if s != "" {
				dir = wire.ToClient
			}
		}
		if got := d.Passes(dir); got != c.want {
			t.Errorf("%s: %d bytes need not be shown, want %d", c.name, got, c.want)
		}
	}
}

// TestPassedUnlooked: what was not looked at may have had requests in it, if the length of
// a body turns out to be wrong. Then no pair is guessed.
func TestPassedUnlooked(t *testing.T) {
	const loads = "POST /x HTTP/1.1\r\nContent-Length: 100\r\n\r\n"
	const junk, next, answer = "?\n", "GET /y HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	for _, c := range []struct {
		name string
		rest func(*decode.Conn, wire.Chunk)
		want string
	}{
		{"seen", func(d *decode.Conn, c wire.Chunk) { c.Data = []byte(strings.Repeat("x", 99)); d.Chunk(c) }, "/x 200,/y 200"},
		{"a request in it", func(d *decode.Conn, c wire.Chunk) {
			c.Data = []byte(strings.Repeat("x", 80) + next)
			d.Chunk(c)
		}, ""},
		{"passed", func(d *decode.Conn, c wire.Chunk) { c.Passed = 99; d.Chunk(c) }, ""},
	} {
		conn := &wire.Conn{ID: 1, Start: t0}
		var pairs []string
		d := decode.New(conn, needing(wire.Needs{Lines: true}), tracetest.Booked(func(ev wire.Event) {
			if x, ok := ev.(*wire.Exchange); ok && x.Request != nil && x.Response != nil {
				pairs = append(pairs, fmt.Sprint(x.Request.Target, " ", x.Response.Status))
			}
		}))
		chunk := wire.Chunk{Conn: conn, Time: t0}
		show := func(dir wire.Dir, s string) {
			d.Chunk(wire.Chunk{Conn: conn, Time: t0, Dir: dir, Data: []byte(s)})
		}
		show(wire.ToServer, loads+"x")
		c.rest(d, chunk)
		show(wire.ToServer, junk+next)
		show(wire.ToClient, answer+answer)
		d.End(t0, nil)
		if got := strings.Join(pairs, ","); (got == "/x 200,/y 200") != (c.want != "") {
			t.Errorf("%s: pairs %q, want %q", c.name, got, c.want)
		}
	}
}
