package tracetest

import (
	"testing"

	"github.com/socktrace/socktrace/internal/transcript"
)

// Loss plays c once for every chunk with data, and that chunk's bytes lost:
// their number known, then unknown. A tap that panics fails the test, and the
// log says which chunk was missing.
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
	DumpAll(Merge(play(c, newTap, nil)))
}
