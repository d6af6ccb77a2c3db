package jsonl

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// t0 is when every session in the tests began.
var t0 = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)

// session is the events of a transcript.
type session struct {
	name   string
	events []wire.Event
}

// sessions plays the transcripts of package decode, and the captures, with so
// many bytes of each body kept.
func sessions(t testing.TB, keep int64) []session {
	t.Helper()
	var all []session
	for _, c := range append(tracetest.Load(t, "../../decode/testdata/transcripts/*.txt"), tracetest.Captures(t)...) {
		s := session{name: c.Name}
		o := decode.Options{
			Needs:      wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: keep, Digest: true, Keeps: true},
			MaxMessage: int(keep),
			Terminals:  decode.NewTerminals(),
			Numbers:    new(wire.Numbers),
		}
		o.Numbers.Claim(len(c.Conns)) // those inside are behind all others
		for i, c := range c.Conns {
			conn := c.Wire(i+1, t0)
			c.Play(conn, decode.New(conn, o, func(ev wire.Event) { s.events = append(s.events, wire.Clone(ev)) }))
		}
		all = append(all, s)
	}
	return all
}

// mask returns what masks events, always in the same way.
func mask() func(wire.Event) wire.Event { return redact.New(redact.Options{Key: []byte("key")}).Event }

// show returns what a sink makes of the events of a decoder or reader, masked by
// mask if that is not nil.
func show(t testing.TB, newSink func(io.Writer) wire.Sink, events []wire.Event, mask func(wire.Event) wire.Event) string {
	t.Helper()
	var out bytes.Buffer
	b := flow.New(flow.Options{Mask: mask, Learn: subject.NewReader().Learn, Still: true, Failed: func(_ string, err error) { t.Error(err) }})
	o := b.Add("the sink", newSink(&out), flow.Delivery{})
	for _, ev := range events {
		b.Event(ev)
	}
	b.Close()
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	return out.String()
}

func asLines(w io.Writer) wire.Sink { return render.NewJSONL(w, 1<<20, render.AllEvents) }

func asText(w io.Writer) wire.Sink { return render.NewText(w, render.Options{Width: width}) }

func asCompact(w io.Writer) wire.Sink { return render.NewCompact(w, render.Options{Width: width}) }

func asHAR(w io.Writer) wire.Sink { return har.NewWriter(w, har.Options{Body: 1 << 20}) }

func width() int { return 200 }

// read returns what lines tell.
func read(t testing.TB, text string) (events []wire.Event, repairs []string) {
	t.Helper()
	repairs, err := Read(t.Context(), strings.NewReader(text), 0, func(ev wire.Event) { events = append(events, ev) })
	if err != nil {
		t.Fatal(err)
	}
	return events, repairs
}
