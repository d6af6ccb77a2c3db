package decode_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
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
	return decode.Options{Messages: true, KeepBody: 1 << 20, Docker: decode.NewDocker()}
}

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
				tracetest.Invariant(t, c, newTap(func() decode.Options { return decode.Options{} }))
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

// transient checks that using memory again changes nothing of what is told.
func transient(t *testing.T, c *transcript.Conn) {
	t.Helper()
	dump := func(o decode.Options) string {
		var b strings.Builder
		conn := c.Wire(1, t0)
		c.Play(conn, decode.New(conn, o, tracetest.Booked(func(ev wire.Event) { b.WriteString(tracetest.Dump(ev)) })))
		return b.String()
	}
	if kept, again := dump(decode.Options{}), dump(decode.Options{Transient: true}); kept != again {
		t.Errorf("kept:\n%s\nused again:\n%s", kept, again)
	}
}
