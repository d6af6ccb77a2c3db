package render

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

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
		"jsonl":           NewJSONL,
	}
}

func scripts() map[string][]wire.Event {
	return map[string][]wire.Event{"run": runScript(), "pull": pullScript(), "odd": oddScript(), "web": webScript()}
}

// show returns what a sink makes of events, with the time told in between.
func show(t testing.TB, newSink func(io.Writer) wire.Sink, events []wire.Event) []byte {
	t.Helper()
	var out bytes.Buffer
	sink := newSink(&out)
	for _, ev := range events {
		if err := sink.Event(ev); err != nil {
			t.Fatal(err)
		}
		if ticker, ok := sink.(Ticker); ok {
			if err := ticker.Tick(ev.EventMeta().End); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
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
