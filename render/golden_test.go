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

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// formats are the views that every script is shown in.
func formats() map[string]func(io.Writer) wire.Sink {
	options := func(color bool, width int, heads Heads) Options {
		return Options{Color: color, Width: func() int { return width }, Zone: time.UTC, Heads: heads}
	}
	text := func(o Options) func(io.Writer) wire.Sink {
		return func(w io.Writer) wire.Sink { return NewText(w, o) }
	}
	compact := func(o Options) func(io.Writer) wire.Sink {
		return func(w io.Writer) wire.Sink { return NewCompact(w, o) }
	}
	return map[string]func(io.Writer) wire.Sink{
		"text":            text(options(false, 0, HeadsFull)),
		"text80":          text(options(false, 80, HeadsFull)),
		"text-color":      text(options(true, 0, HeadsFull)),
		"text80-color":    text(options(true, 80, HeadsShort)),
		"compact":         compact(options(false, 0, HeadsFull)),
		"compact80":       compact(options(false, 80, HeadsFull)),
		"compact-color":   compact(options(true, 0, HeadsFull)),
		"compact80-color": compact(options(true, 80, HeadsFull)),
		"jsonl":           jsonLines,
	}
}

func scripts() map[string][]wire.Event {
	return map[string][]wire.Event{"run": runScript(), "pull": pullScript(), "odd": oddScript(), "web": webScript()}
}

// jsonLines returns a sink for JSON lines.
func jsonLines(w io.Writer) wire.Sink { return NewJSONL(w, 1<<20) }

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
// exchanges: but for the last event of each, which is as the script has it.
type stage struct {
	sink wire.Sink
	last *wire.Exchange
	now  time.Time
}

// book returns a book with the stage as its sink.
func (s *stage) book(failed func(error)) *flow.Book {
	b := flow.New(flow.Options{Still: true, Failed: func(_ string, err error) { failed(err) }})
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
