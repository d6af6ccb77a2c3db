package tracetest

import (
	"bytes"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// Loss plays c once for every chunk with data, and that chunk's bytes lost:
// their number known, then unknown. A tap that panics fails the test, also if it
// only says so, and the log says which chunk was missing.
func Loss(t testing.TB, c *transcript.Conn, newTap NewTap) {
	t.Helper()
	for i, ch := range c.Chunks {
		if len(ch.Data) == 0 {
			continue
		}
		for _, lost := range []int{len(ch.Data), -1} {
			holed := *c
			holed.Chunks = append([]transcript.Chunk(nil), c.Chunks...)
			holed.Chunks[i] = transcript.Chunk{At: ch.At, Dir: ch.Dir, Lost: lost, EOF: ch.EOF}
			playLossy(t, &holed, i, newTap)
		}
	}
}

func playLossy(t testing.TB, c *transcript.Conn, missing int, newTap NewTap) {
	t.Helper()
	defer func() {
		if e := recover(); e != nil {
			t.Logf("panic with chunk %d lost", missing)
			panic(e)
		}
	}()
	evs := play(c, newTap, nil)
	DumpAll(Merge(evs))
	if p := Panicked(evs); p != "" {
		t.Errorf("panic with chunk %d lost: %s", missing, p)
	}
}

// Holder says how many bytes a tap holds that it has not understood.
type Holder func(wire.Tap) int

// Ranges plays c once for every range of bytes of each direction that is lost,
// or, if there are very many, for some of them, and goes on with bytes that mean
// nothing. It fails t if the tap holds more than bound bytes at any time.
func Ranges(t testing.TB, c *transcript.Conn, newTap NewTap, held Holder, bound int) {
	t.Helper()
	most := 1_000
	if testing.Short() {
		most = 100
	}
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		size := len(c.Bytes(dir))
		step := 1 + size*size/2/most
		n := 0
		for from := range size {
			for to := from + 1; to <= size; to++ {
				if n++; n%step != 0 {
					continue
				}
				holed := hole(c, dir, from, to)
				if at := playOn(&holed, dir, newTap, held, bound); at != "" {
					t.Errorf("without the bytes %d to %d %s: %s", from, to, dir, at)
					return
				}
			}
		}
	}
}

// hole returns c without some bytes of a direction.
func hole(c *transcript.Conn, dir wire.Dir, from, to int) transcript.Conn {
	holed, pos, lost := *c, 0, 0
	holed.Chunks = nil
	for _, ch := range c.Chunks {
		if ch.Dir != dir {
			holed.Chunks = append(holed.Chunks, ch)
			continue
		}
		first, last := clamp(from-pos, len(ch.Data)), clamp(to-pos, len(ch.Data))
		pos += len(ch.Data)
		before, after := ch, ch
		before.Data, before.EOF = ch.Data[:first], false
		after.Data = ch.Data[last:]
		if lost += last - first; len(before.Data) > 0 && last > first {
			holed.Chunks = append(holed.Chunks, before)
		}
		if last == first {
			after.Data = ch.Data
		}
		if len(after.Data) > 0 || after.EOF {
			after.Lost, lost = lost, 0
			holed.Chunks = append(holed.Chunks, after)
		}
	}
	if lost > 0 {
		holed.Chunks = append(holed.Chunks, transcript.Chunk{At: c.Duration(), Dir: dir, Lost: lost})
	}
	return holed
}

func clamp(n, most int) int { return min(max(n, 0), most) }

// filler is bytes that mean nothing: no line, no number, no token.
var filler = bytes.Repeat([]byte{'@'}, 8<<10)

// playOn plays c, and then more of a direction. It returns what is wrong.
func playOn(c *transcript.Conn, dir wire.Dir, newTap NewTap, held Holder, bound int) (wrong string) {
	conn := c.Wire(1, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	tap := newTap(conn, func(wire.Event) {})
	check := func() {
		if held(tap) > bound {
			wrong = "too much is held"
		}
	}
	for _, ch := range c.Chunks {
		tap.Chunk(wire.Chunk{Conn: conn, Time: conn.Start.Add(ch.At), Dir: ch.Dir, Data: ch.Data, Lost: ch.Lost, EOF: ch.EOF})
		check()
	}
	for range 4 {
		tap.Chunk(wire.Chunk{Conn: conn, Time: conn.Start.Add(c.Duration()), Dir: dir, Data: filler})
		check()
	}
	tap.End(conn.Start.Add(c.Duration()), nil)
	return wrong
}
