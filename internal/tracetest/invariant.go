package tracetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

const (
	pairsMax = 200 // up to this many bytes, every pair of cuts is tried
	seeds    = 100 // random cuttings
)

// fed is how many bytes each family of cuts feeds, so that long connections end
// in time.
func fed() int {
	if testing.Short() {
		return 256 << 10
	}
	return 4 << 20
}

// NewTap makes a tap, such as a decoder, that gives the events of conn to
// emit.
type NewTap func(conn *wire.Conn, emit func(wire.Event)) wire.Tap

// Invariant fails t unless the events of c are the same however its bytes are
// cut into reads: as recorded, one at a time, cut once anywhere, cut twice
// anywhere (short connections), and cut at random (fixed seeds). Every piece
// has its chunk's time and is overwritten after the tap has seen it. Events
// are compared by their dumps, offsets and times included, after Merge. A panic
// fails t, also one that the tap survives.
func Invariant(t testing.TB, c *transcript.Conn, newTap NewTap) {
	t.Helper()
	r := runner{t: t, conn: c, newTap: newTap}
	for _, ch := range c.Chunks {
		r.size += len(ch.Data)
	}
	want := r.run(nil)
	cutAll(r.size, func(how string, cuts []int) bool {
		got := r.run(cuts)
		if got == want {
			return true
		}
		t.Errorf("events depend on the cuts (%s)\n%s\n%s", how, r.where(cuts), diff(want, got))
		return false
	})
}

// cutAll calls try with every cutting of size bytes, until it returns false.
// how says which one it is; cuts holds rising positions between 0 and size
// and is valid during the call only.
func cutAll(size int, try func(how string, cuts []int) bool) {
	every := make([]int, 0, size)
	for i := 1; i < size; i++ {
		every = append(every, i)
	}
	if !try("byte by byte", every) {
		return
	}
	for i, step := 1, 1+size*size/fed(); i < size; i += step {
		if !try("one cut", []int{i}) {
			return
		}
	}
	for i := 1; i < size && size <= pairsMax; i++ {
		for j := i + 1; j < size; j++ {
			if !try("two cuts", []int{i, j}) {
				return
			}
		}
	}
	for seed := range min(seeds, 1+4*fed()/max(size, 1)) {
		if !try(fmt.Sprintf("random, seed %d", seed), randomCuts(every[:0], size, uint64(seed))) {
			return
		}
	}
}

// randomCuts appends positions whose distances are around a power of two.
func randomCuts(cuts []int, size int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, 0))
	span := 2 << rng.IntN(12)
	for i := 1 + rng.IntN(span); i < size; i += 1 + rng.IntN(span) {
		cuts = append(cuts, i)
	}
	return cuts
}

// runner plays one connection again and again.
type runner struct {
	t      testing.TB
	conn   *transcript.Conn
	newTap NewTap
	size   int                // bytes of both directions
	pieces []transcript.Chunk // reused by run
	events []wire.Event       // reused by run
}

// run plays the connection with additional cuts at these positions in the
// bytes of both directions together, in the order of the wire, and returns
// the dump of its merged events.
func (r *runner) run(cuts []int) string {
	defer func() {
		if e := recover(); e != nil {
			r.t.Logf("panic with these cuts\n%s", r.where(cuts))
			panic(e)
		}
	}()
	r.pieces = split(r.pieces[:0], r.conn.Chunks, cuts)
	c := *r.conn
	c.Chunks = r.pieces
	r.events = play(&c, r.newTap, r.events[:0])
	if p := Panicked(r.events); p != "" {
		r.t.Errorf("panic with these cuts: %s\n%s", p, r.where(cuts))
	}
	return DumpAll(Merge(r.events))
}

// play appends the events of c to evs.
func play(c *transcript.Conn, newTap NewTap, evs []wire.Event) []wire.Event {
	conn := c.Wire(1, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	c.Play(conn, newTap(conn, func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) }))
	return evs
}

// Panicked returns what a decoder says of a panic that it survived: the
// connection is lost all the same. It returns "" if there was none.
func Panicked(evs []wire.Event) string {
	for _, ev := range evs {
		if a, ok := ev.(*wire.Anomaly); ok && a.Code == "decoder-panic" {
			return a.Detail
		}
	}
	return ""
}

// split appends chunks to dst, with additional cuts.
func split(dst, chunks []transcript.Chunk, cuts []int) []transcript.Chunk {
	pos := 0
	for _, ch := range chunks {
		end := pos + len(ch.Data)
		for ; len(cuts) > 0 && cuts[0] < end; cuts = cuts[1:] {
			n := cuts[0] - pos
			if n <= 0 {
				continue // falls on the border of two chunks
			}
			piece := ch
			piece.Data, piece.EOF = ch.Data[:n], false
			dst = append(dst, piece)
			ch.Data, ch.Lost = ch.Data[n:], 0
			pos += n
		}
		dst = append(dst, ch)
		pos = end
	}
	return dst
}

// where describes the first few cuts by the bytes around them.
func (r *runner) where(cuts []int) string {
	const most, around = 4, 20
	var b strings.Builder
	for i, cut := range cuts {
		if i == most {
			fmt.Fprintf(&b, "  … and %d more cuts\n", len(cuts)-most)
			break
		}
		pos := 0
		for n, ch := range r.conn.Chunks {
			if at := cut - pos; at >= 0 && at < len(ch.Data) {
				fmt.Fprintf(&b, "  chunk %d %v byte %d: …%q | %q…\n", n, ch.Dir, at,
					ch.Data[max(0, at-around):at], ch.Data[at:min(len(ch.Data), at+around)])
			}
			pos += len(ch.Data)
		}
	}
	return b.String()
}

// diff shows where two texts begin to differ.
func diff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	n := 0
	for n < len(w) && n < len(g) && w[n] == g[n] {
		n++
	}
	var b strings.Builder
	show := func(mark string, lines []string, from, to int) {
		for i := max(from, 0); i < min(to, len(lines)); i++ {
			fmt.Fprintf(&b, "%s %s\n", mark, lines[i])
		}
	}
	show(" ", w, n-3, n)
	show("-", w, n, n+3)
	show("+", g, n, n+3)
	return "- as recorded, + with the cuts\n" + b.String()
}
