package render

import (
	"bytes"
	"flag"
	"io"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// formats are the views that every script is shown in.
func formats() map[string]func(io.Writer) wire.Sink {
	options := func(color bool, width int, heads Heads, bodies Bodies) Options {
		return Options{Color: color, Width: func() int { return width }, Zone: time.UTC, Heads: heads, Bodies: bodies}
	}
	full := func(color bool, width int) Options { return options(color, width, HeadsFull, BodiesFull) }
	ascii := options(false, 80, HeadsShort, BodiesShort)
	ascii.ASCII = true
	text := func(o Options) func(io.Writer) wire.Sink {
		return func(w io.Writer) wire.Sink { return NewText(w, o) }
	}
	compact := func(o Options) func(io.Writer) wire.Sink {
		return func(w io.Writer) wire.Sink { return NewCompact(w, o) }
	}
	calls := func(form string, o Options) func(io.Writer) wire.Sink {
		return func(w io.Writer) wire.Sink { return NewCalls(w, equivalent.Named(form), equivalent.Options{}, o) }
	}
	return map[string]func(io.Writer) wire.Sink{
		"text":             text(full(false, 0)),
		"text80":           text(full(false, 80)),
		"text-color":       text(full(true, 0)),
		"text-short":       text(options(false, 0, HeadsShort, BodiesShort)),
		"text80-short":     text(options(true, 80, HeadsShort, BodiesShort)),
		"text160-short":    text(options(false, 160, HeadsShort, BodiesShort)),
		"text80-ascii":     text(ascii),
		"text-heads-none":  text(options(false, 100, HeadsNone, BodiesFull)),
		"text-bodies-none": text(options(false, 100, HeadsShort, BodiesNone)),
		"compact":          compact(full(false, 0)),
		"compact80":        compact(full(false, 80)),
		"compact-color":    compact(full(true, 0)),
		"compact80-color":  compact(full(true, 80)),
		"jsonl":            jsonLines,
		"curl":             calls("curl", full(false, 0)),
		"curl-color":       calls("curl", full(true, 80)),
		"python":           calls("python", full(false, 0)),
		"docker":           calls("docker", full(false, 0)),
	}
}

func scripts() map[string][]wire.Event {
	return map[string][]wire.Event{"run": runScript(), "pull": pullScript(), "odd": oddScript(), "web": webScript(), "tls": tlsScript()}
}

// jsonLines returns a sink for JSON lines.
func jsonLines(w io.Writer) wire.Sink { return NewJSONL(w, 1<<20, AllEvents) }

// show returns what a sink makes of events, with the time told in between.
func show(t testing.TB, newSink func(io.Writer) wire.Sink, events []wire.Event) []byte {
	t.Helper()
	var out bytes.Buffer
	s := &stage{sink: newSink(&out)}
	b := s.book(func(err error) { t.Error(err) })
	for _, ev := range events {
		s.give(b, ev)
		s.tick(b, ev.EventMeta().End)
	}
	if err := s.sink.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// stage gives a sink the events of scripts, and what a book knows of their
// exchanges: but for the last event of each, which is as the script has it, with
// the number of messages.
type stage struct {
	sink wire.Sink
	last *wire.Exchange
	now  time.Time
}

// book returns a book with the stage as its sink.
func (s *stage) book(failed func(error)) *flow.Book {
	says := func(wire.Event, *wire.Exchange) {} // scripts do
	b := flow.New(flow.Options{Still: true, Explain: says, Failed: func(_ string, err error) { failed(err) }})
	b.Add("the sink", s, flow.Delivery{})
	return b
}

// give gives the sink an event.
func (s *stage) give(b *flow.Book, ev wire.Event) {
	if x, ok := ev.(*wire.Exchange); ok {
		s.last = x
		ev = &wire.End{Meta: x.Meta}
	}
	b.Event(ev)
}

// tick tells the sink the time, if it is a Ticker.
func (s *stage) tick(b *flow.Book, now time.Time) {
	s.now = now
	b.Tick(now)
}

func (s *stage) Needs() wire.Needs { return s.sink.Needs() }
func (s *stage) Close() error      { return s.sink.Close() }

func (s *stage) Event(ev wire.Event, x *wire.Exchange) error {
	if _, ok := ev.(*wire.Exchange); ok {
		s.last.Messages = x.Messages
		ev, x = s.last, s.last
	}
	return s.sink.Event(ev, x)
}

func (s *stage) Tick(_ time.Time, open iter.Seq[*wire.Exchange]) error {
	if t, ok := s.sink.(wire.Ticker); ok {
		return t.Tick(s.now, open)
	}
	return nil
}

func TestGolden(t *testing.T) {
	for script, events := range scripts() {
		for format, newSink := range formats() {
			t.Run(script+"/"+format, func(t *testing.T) {
				got := show(t, newSink, events)
				path := filepath.Join("testdata", "golden", script+"."+format)
				if *update {
					if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, got, 0o666); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s differs; run go test -update and look at the difference\ngot:\n%s\nwant:\n%s", path, got, want)
				}
			})
		}
	}
}
