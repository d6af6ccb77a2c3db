package jsonl

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// TestRoundTrip checks that lines read back give the same lines, to the byte, the
// same text, and the same events; of masked ones too, which are masked once.
func TestRoundTrip(t *testing.T) {
	for _, keep := range []int64{1 << 20, 70} {
		for _, s := range sessions(t, keep) {
			t.Run(fmt.Sprintf("%s/%d", s.name, keep), func(t *testing.T) {
				roundTrip(t, s.events, nil, nil)
			})
			t.Run(fmt.Sprintf("%s/%d/masked", s.name, keep), func(t *testing.T) {
				roundTrip(t, s.events, mask, nil)
				roundTrip(t, s.events, mask, mask)
			})
		}
	}
}

// bodyMasked is what a body's line says of what is masked in it: which of a body
// that is read becomes known at the end of its exchange.
var bodyMasked = regexp.MustCompile(`(?m)^(\{"event":"body".*),"masked":\[.*\]`)

// TestMaskedLater checks that secrets in lines are masked as they would have been
// when the lines were written.
func TestMaskedLater(t *testing.T) {
	for _, s := range sessions(t, 1<<20) {
		back, _ := read(t, show(t, asLines, s.events, nil))
		for name, sink := range map[string]func(io.Writer) wire.Sink{"lines": asLines, "text": asText} {
			got, want := show(t, sink, back, mask()), show(t, sink, s.events, mask())
			same(t, s.name+" "+name, bodyMasked.ReplaceAllString(got, "$1"), bodyMasked.ReplaceAllString(want, "$1"))
		}
	}
}

// roundTrip compares events, behind a mask, with what is read of them, behind
// another.
func roundTrip(t *testing.T, events []wire.Event, newMask, again func() func(wire.Event) wire.Event) {
	t.Helper()
	if newMask == nil {
		newMask = func() func(wire.Event) wire.Event { return nil }
	}
	if again == nil {
		again = func() func(wire.Event) wire.Event { return nil }
	}
	lines := show(t, asLines, events, newMask())
	back, repairs := read(t, lines)
	if len(repairs) > 0 {
		t.Errorf("repairs: %q", repairs)
	}
	same(t, "lines", show(t, asLines, back, again()), lines)
	same(t, "text", show(t, asText, back, again()), show(t, asText, events, newMask()))
	same(t, "compact", show(t, asCompact, back, again()), show(t, asCompact, events, newMask()))
	if !spaced(events) {
		same(t, "HAR", show(t, asHAR, back, again()), show(t, asHAR, events, newMask()))
	}
	same(t, "events", dump(t, back, again()), dump(t, events, newMask()))
}

// dump returns events as text, without what lines do not tell: the white space
// in JSON messages, and what is in bodies before their exchange ends.
func dump(t *testing.T, events []wire.Event, mask func(wire.Event) wire.Event) string {
	t.Helper()
	var told []wire.Event
	see := tracetest.Booked(func(ev wire.Event) {
		switch e := ev.(type) {
		case *wire.Body:
			b := *e
			b.Data = nil
			ev = &b
		case *wire.Message:
			m := *e
			m.Data = compact(e)
			ev = &m
		}
		told = append(told, ev)
	})
	for _, ev := range events {
		if mask != nil {
			ev = mask(ev)
		}
		see(ev)
	}
	return tracetest.DumpAll(told)
}

// compact returns the data of m, without white space if that is a JSON value.
func compact(m *wire.Message) []byte {
	w := jsontext.Writer{B: []byte("[")}
	if m.Kind != wire.KindJSON || !w.JSON("", m.Data) {
		return m.Data
	}
	return w.B[1:]
}

// spaced reports whether there is white space in JSON messages. HAR tells such
// that have another size than their data, beside the body that they are in.
func spaced(events []wire.Event) bool {
	return slices.ContainsFunc(events, func(ev wire.Event) bool {
		m, ok := ev.(*wire.Message)
		return ok && !bytes.Equal(compact(m), m.Data)
	})
}

// same fails the test where got is not want.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("%s: line %d:\ngot  %.600s\nwant %.600s", what, i+1, g[i], w[i])
			return
		}
	}
	t.Errorf("%s: %d lines, want %d", what, len(g), len(w))
}
