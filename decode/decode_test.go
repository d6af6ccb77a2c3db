package decode_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// t0 is when every session in the tests began.
var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// session is a transcript from this package's testdata or a capture.
type session struct {
	name   string
	golden string
	*transcript.Session
}

func sessions(t testing.TB) []session {
	t.Helper()
	var all []session
	for _, c := range tracetest.Load(t, "testdata/transcripts/*.txt") {
		all = append(all, session{c.Name, "testdata/golden/" + c.Name + ".txt", c.Session})
	}
	for _, c := range tracetest.Captures(t) {
		all = append(all, session{"capture_" + c.Name, "testdata/golden/capture_" + c.Name + ".txt", c.Session})
	}
	return all
}

// all are the options of a sink that wants everything.
func all() decode.Options {
	return decode.Options{Needs: wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true}, Terminals: decode.NewTerminals(), Keys: keys()}
}

// keys are the secrets of the sessions with TLS in the transcripts.
var keys = sync.OnceValue(func() *keylog.Store {
	s := keylog.New(nil, nil)
	for _, name := range []string{"tls.keys", "tls_h2.keys"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			panic(err)
		}
		s.Add(name, text)
	}
	return s
})

func newTap(o func() decode.Options) tracetest.NewTap {
	return func(c *wire.Conn, emit func(wire.Event)) wire.Tap { return decode.New(c, o(), tracetest.Booked(emit)) }
}

// play returns the events of one connection.
func play(c *transcript.Conn, conn *wire.Conn, o decode.Options) []wire.Event {
	var evs []wire.Event
	c.Play(conn, decode.New(conn, o, tracetest.Booked(func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) })))
	return evs
}

func TestGolden(t *testing.T) {
	for _, s := range sessions(t) {
		t.Run(s.name, func(t *testing.T) {
			var b strings.Builder
			o := all()
			o.Numbers = new(wire.Numbers)
			o.Numbers.Claim(len(s.Conns)) // those inside are behind all others
			for i, c := range s.Conns {
				b.WriteString(tracetest.DumpAll(tracetest.Merge(play(c, c.Wire(i+1, t0), o))))
			}
			if *update {
				if err := os.MkdirAll("testdata/golden", 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(s.golden, []byte(b.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(s.golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("events differ from %s (-update writes it anew):\n%s", s.golden, b.String())
			}
		})
	}
}

func TestInvariant(t *testing.T) {
	for _, s := range sessions(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range s.Conns {
				tracetest.Invariant(t, c, newTap(all))
				tracetest.Invariant(t, c, newTap(func() decode.Options { return decode.Options{Needs: wire.Needs{Fields: true, Keeps: true}} }))
				transient(t, c)
			}
		})
	}
}

func TestLoss(t *testing.T) {
	for _, s := range sessions(t) {
		t.Run(s.name, func(t *testing.T) {
			for _, c := range s.Conns {
				tracetest.Loss(t, c, newTap(all))
			}
		})
	}
}

// TestPrompt looks whether all is told that can be, whenever something has come.
func TestPrompt(t *testing.T) {
	for _, s := range sessions(t) {
		for i, c := range s.Conns {
			conn := c.Wire(i+1, t0)
			d := decode.New(conn, all(), func(wire.Event) {})
			for n, ch := range c.Chunks {
				d.Chunk(wire.Chunk{Conn: conn, Time: t0.Add(ch.At), Dir: ch.Dir, Data: ch.Data, Lost: ch.Lost, EOF: ch.EOF})
				if !decode.Idle(d) {
					t.Fatalf("%s, connection %d: more can be done when chunk %d has come", s.name, i+1, n)
				}
			}
		}
	}
}

// TestLostRanges loses any bytes, and looks whether what comes behind them is
// held for ever.
func TestLostRanges(t *testing.T) {
	defer decode.Small(1<<10, 1<<10)()
	bare := func(c *wire.Conn, emit func(wire.Event)) wire.Tap { return decode.New(c, decode.Options{}, emit) }
	held := func(tap wire.Tap) int { return decode.Held(tap.(*decode.Conn)) }
	for _, s := range sessions(t) {
		for _, c := range s.Conns {
			if size := len(c.Bytes(wire.ToServer)) + len(c.Bytes(wire.ToClient)); size < 1000 {
				t.Run(s.name, func(t *testing.T) { tracetest.Ranges(t, c, bare, held, 17<<10) })
			}
		}
	}
}

// transient checks that using memory again changes nothing of what is told.
func transient(t *testing.T, c *transcript.Conn) {
	t.Helper()
	dump := func(o decode.Options) string {
		var b strings.Builder
		conn := c.Wire(1, t0)
		c.Play(conn, decode.New(conn, o, tracetest.Booked(func(ev wire.Event) { b.WriteString(tracetest.Dump(ev)) })))
		return b.String()
	}
	heads := wire.Needs{Fields: true}
	everything := all().Needs
	for _, needs := range []wire.Needs{heads, everything} {
		kept, lent := needs, needs
		kept.Keeps, lent.Keeps = true, false
		if kept, again := dump(decode.Options{Needs: kept}), dump(decode.Options{Needs: lent}); kept != again {
			t.Errorf("kept:\n%s\nused again:\n%s", kept, again)
		}
	}
}

// TestSizes asks for sizes only, and compares what is told with what is told to
// those who ask for everything.
func TestSizes(t *testing.T) {
	outline := func(c *transcript.Conn, conn *wire.Conn, n wire.Needs) (lines []string) {
		var value wire.Message
		for _, ev := range tracetest.Merge(play(c, conn, decode.Options{Needs: n, Terminals: decode.NewTerminals()})) {
			switch ev := ev.(type) {
			case *wire.Message:
				if ev.Kind == wire.KindGRPC && value.Kind == wire.KindJSON && value.Index == ev.Index && value.Exchange == ev.Exchange {
					continue // it tells the value otherwise
				}
				value = *ev
				secret := ev.Kind == wire.KindRaw && ev.Truncated && len(ev.Data) == 0
				if n.Messages != (len(ev.Data) > 0) && ev.Size > ev.Missing && !secret {
					t.Errorf("%d of %d bytes are told", len(ev.Data), ev.Size)
				}
				ev.Data, ev.Truncated = nil, false
			case *wire.Body:
				ev.Data, ev.Truncated, ev.Trailer = nil, false, nil
			case *wire.Request:
				if !n.Fields && len(ev.Fields) > 0 {
					t.Errorf("%d fields are told", len(ev.Fields))
				}
				ev.Fields = nil
			case *wire.Response:
				ev.Fields = nil
			}
			lines = append(lines, tracetest.Dump(ev))
		}
		return lines
	}
	for _, s := range sessions(t) {
		for i, c := range s.Conns {
			conn := c.Wire(i+1, t0)
			sizes := outline(c, conn, wire.Needs{Sizes: true, Keeps: true})
			all := outline(c, conn, wire.Needs{Fields: true, Sizes: true, Messages: true, Keeps: true})
			if !slices.Equal(sizes, all) {
				t.Errorf("%s:\n%s\nwant\n%s", s.name, strings.Join(sizes, "\n"), strings.Join(all, "\n"))
			}
		}
	}
}
